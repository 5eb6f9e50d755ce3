import { expect } from '@playwright/test'
import { accessibilityFaults } from './accessibility'
import { test } from './open'

test('the tour of the demo leads by keyboard through its screens, and goes when it has ended', async ({ open }) => {
  const { page } = await open({ demo: true })
  const tour = page.getByRole('complementary', { name: 'Tour of the demo' })
  await tour.getByRole('button', { name: 'Begin the tour' }).press('Enter')
  const seen: string[] = []
  for (;;) {
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    seen.push((await page.getByRole('heading', { level: 1 }).textContent()) ?? '')
    const next = tour.getByRole('button', { name: 'Next stop' })
    if (!(await next.isVisible())) break
    await next.press('Enter')
    await expect(tour).toContainText(`${seen.length + 1} of 7`)
  }
  const faults = await accessibilityFaults(page)
  await tour.getByRole('button', { name: 'End the tour' }).press('Enter')
  await expect(tour).toBeHidden()
  expect({ seen, faults }).toEqual({
    seen: ['Overview', 'Runs', 'Runs', 'Runs', 'Writebacks', 'Writebacks', 'Demo controls'],
    faults: [],
  })
})
