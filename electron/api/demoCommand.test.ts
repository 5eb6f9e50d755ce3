import { expect, test } from 'vitest'
import { demoCommand } from './demoCommand'

test('the demo is started by what a person has: the packaged app, also in a folder with a space, or the checkout', () => {
  expect(['/opt/Rundesk/rundesk', 'C:\\Program Files\\Rundesk\\Rundesk.exe', null].map(demoCommand)).toEqual([
    '/opt/Rundesk/rundesk --demo',
    '"C:\\Program Files\\Rundesk\\Rundesk.exe" --demo',
    'npm run demo',
  ])
})
