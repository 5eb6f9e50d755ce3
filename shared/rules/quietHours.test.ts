import { expect, test } from 'vitest'
import { isQuiet, type QuietHours } from './quietHours'

const [sunday, monday, tuesday, saturday] = [0, 1, 2, 6]
const at = (weekday: number, hours: number, minutes = 0) => ({ weekday, minute: hours * 60 + minutes })
const nights: QuietHours = { on: true, from: '22:00', to: '07:00', days: [monday] }

test('quiet hours over midnight belong to the day on which they begin', () => {
  const moments = [at(monday, 21, 59), at(monday, 22), at(tuesday, 6, 59), at(tuesday, 7), at(monday, 3)]
  expect(moments.map((moment) => isQuiet(nights, moment))).toEqual([false, true, true, false, false])
})

test('the night that begins on a Saturday ends on Sunday', () => {
  expect(isQuiet({ ...nights, days: [saturday] }, at(sunday, 5))).toBe(true)
})

test('quiet hours within one day begin at their first minute and end before their last', () => {
  const lunch = { ...nights, from: '12:00', to: '13:30' }
  const moments = [at(monday, 11, 59), at(monday, 12), at(monday, 13, 29), at(monday, 13, 30), at(tuesday, 12)]
  expect(moments.map((moment) => isQuiet(lunch, moment))).toEqual([false, true, true, false, false])
})

test('equal times are a whole day', () => {
  const whole = { ...nights, from: '09:00', to: '09:00' }
  expect(
    [at(monday, 8), at(monday, 9), at(tuesday, 8, 59), at(tuesday, 9)].map((moment) => isQuiet(whole, moment)),
  ).toEqual([false, true, true, false])
})

test('quiet hours that are off are never', () => {
  expect(isQuiet({ ...nights, on: false }, at(monday, 23))).toBe(false)
})
