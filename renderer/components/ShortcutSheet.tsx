import controls from '../styles/controls.module.css'
import { ChangedKeys } from './ChangedKeys'
import { Dialog } from './Dialog'

const shortcuts: readonly (readonly [string, string])[] = [
  ['?', 'This sheet'],
  ['Ctrl K or ⌘ K', 'Go to anything'],
  ['Ctrl , or ⌘ ,', 'Settings, also for changed keys'],
  ['g then r, t, w, p', 'Runs, trajectories, writebacks, problems'],
  ['/', 'Search'],
  ['1 to 9', 'Filters of the list'],
  ['j, k or arrows', 'Next and previous row'],
  ['Enter', 'Open'],
  ['Space', 'Preview the run or trajectory, and close it again'],
  ['Esc', 'Back'],
  ['[ and ]', 'Previous and next run or trajectory'],
  ['n', 'Start a workflow'],
  ['r', 'Resume the run, or retry the writebacks'],
  ['Shift R', 'Run again from the chosen step, after a preview'],
  ['c', 'Cancel the run'],
  ['w', 'Watch the run, to hear when it ends'],
  ['x, Shift J, Shift K', 'Select the writeback, and those below or above it'],
  ['a', 'Select all writebacks that match'],
  ['d', 'Dismiss the writebacks'],
  ['e', 'Edit the writeback and retry it, or choose a version of it'],
  ['/, Enter, Shift Enter', 'In a log: search, next and previous hit'],
  ['e, f', 'In a log: the first error, follow its end'],
  ['Arrows, Home, End', 'In the graph and the steps: from step to step'],
  ['+, -, 0', 'In the steps: show less of the time, more, all of it'],
  ['Shift and arrows', 'In the steps: move the time shown'],
  ['Ctrl Enter', 'Start what was filled in'],
]

/** Every key there is. */
export function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <table>
        <tbody>
          {shortcuts.map(([keys, what]) => (
            <tr key={keys}>
              <th scope="row" style={{ textAlign: 'left', paddingRight: 24 }}>
                <kbd className="mono">{keys}</kbd>
              </th>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <ChangedKeys onLeave={onClose} />
      <div className={controls.actions}>
        <button type="button" className={controls.button} onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  )
}
