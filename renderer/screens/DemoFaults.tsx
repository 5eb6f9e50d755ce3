import { useState } from 'react'
import type { Demo, DemoFault } from '../../shared/contract'
import controls from '../styles/controls.module.css'
import { demoTexts } from '../texts/en/demo'

const firstLimits = { path: '', times: '', status: '500', body: '' }
type Limits = typeof firstLimits

/** The faults of the practice server, and the limits that the next one is switched on with. */
export function DemoFaults({
  faults,
  onSet,
}: {
  readonly faults: Demo['faults']
  readonly onSet: (fault: DemoFault) => void
}) {
  const [limits, setLimits] = useState<Limits>(firstLimits)
  const field = (name: keyof Limits, label: string, hint: string) => (
    <label style={{ display: 'grid', gap: 4 }}>
      <span className={controls.secondary}>{label}</span>
      <input
        className={controls.field}
        value={limits[name]}
        placeholder={hint}
        onChange={(event) => setLimits({ ...limits, [name]: event.target.value })}
      />
    </label>
  )
  return (
    <div>
      <h2>{demoTexts.faultsOfThePractice}</h2>
      {faults.map(({ id, title, on, limits: said, hits }) => (
        <label key={id} style={{ display: 'flex', gap: 8, alignItems: 'center', minHeight: 28 }}>
          <input
            type="checkbox"
            role="switch"
            aria-checked={on}
            checked={on}
            onChange={() => onSet(on ? { fault: id, on: false } : { fault: id, on: true, ...toLimits(limits) })}
          />
          {title}
          <span className={controls.secondary}>
            {[said, hits > 0 ? `struck ${hits} times` : ''].filter((part) => part !== '').join('; ')}
          </span>
        </label>
      ))}
      <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(180px, 1fr))', gap: 8 }}>
        {field('path', demoTexts.nextFaultOnlyForFiles, '/linear/*')}
        {field('times', demoTexts.nextFaultSoMany, demoTexts.forEver)}
        {field('status', demoTexts.chosenStatus, '500')}
        {field('body', demoTexts.chosenBody, '{"message":"no"}')}
      </div>
      <p className={controls.secondary}>{demoTexts.switchTheRefusalOff}</p>
    </div>
  )
}

/** What was typed, as far as it makes sense; the rest is left out. */
function toLimits({ path, times, status, body }: Limits): Omit<DemoFault, 'fault' | 'on'> {
  const count = Number(times)
  const code = Number(status)
  return {
    ...(path === '' ? {} : { path }),
    ...(Number.isInteger(count) && count >= 1 && count <= 100_000 ? { times: count } : {}),
    ...(Number.isInteger(code) && code >= 200 && code <= 599 ? { status: code } : {}),
    ...(body === '' ? {} : { body }),
  }
}
