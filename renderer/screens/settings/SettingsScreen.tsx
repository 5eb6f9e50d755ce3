import { useEffect, useRef } from 'react'
import type { Workspace } from '../../../shared/contract'
import { defaultSettings, type SettingName } from '../../../shared/settings'
import { LoadFailure, LoadingRows } from '../../components/ListStates'
import { ChoiceSetting, NumberSetting, SwitchSetting } from '../../components/SettingControls'
import { useDesktop } from '../../state/appInfo'
import { type Route, type SettingsSection, settingsSections, toHash } from '../../state/route'
import { type SettingsDesk, useSettings } from '../../state/useSettings'
import controls from '../../styles/controls.module.css'
import { settingsTexts } from '../../texts/en/settings'
import { sectionWords } from '../../texts/settingWords'
import { DiagnosticSettings } from './DiagnosticSettings'
import { NodeSetting } from './NodeSetting'
import { NotificationSettings } from './NotificationSettings'
import { ReadOnlySettings } from './ReadOnlySettings'
import styles from './SettingsScreen.module.css'
import { ShortcutSettings } from './ShortcutSettings'
import { UpdateSettings } from './UpdateSettings'
import { WorkspaceSettings } from './WorkspaceSettings'

/** Every setting, by section. A change counts at once. */
export function SettingsScreen({
  route,
  workspaces,
  onAddFolder,
}: {
  readonly route: Extract<Route, { screen: 'settings' }>
  readonly workspaces: readonly Workspace[]
  readonly onAddFolder: () => void
}) {
  const desk = useSettings()
  const heading = useRef<HTMLHeadingElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus follows the section that was chosen
  useEffect(() => heading.current?.focus(), [route.section, desk.settings !== null])
  if (desk.failure)
    return <LoadFailure failure={{ code: 'internal', message: desk.failure.message }} onRetry={desk.retry} />
  if (!desk.settings) return <LoadingRows />
  return (
    <section className={styles.screen} aria-label={settingsTexts.settings}>
      <div className={controls.bar}>
        <h1>{settingsTexts.settings}</h1>
        <span className={controls.spread} />
        <button type="button" className={controls.button} onClick={() => desk.reset(allNames)}>
          {settingsTexts.resetAllSettings}
        </button>
      </div>
      {desk.trouble && (
        <div className={controls.banner} role="alert">
          {desk.trouble.message}
        </div>
      )}
      <div className={styles.body}>
        <nav className={styles.sections} aria-label={settingsTexts.sectionsOfTheSettings}>
          {settingsSections.map((section) => (
            <a
              key={section}
              className={styles.section}
              href={toHash({ screen: 'settings', workspaceId: null, section })}
              aria-current={section === route.section ? 'page' : undefined}
            >
              {sectionWords[section]}
            </a>
          ))}
        </nav>
        <div className={styles.panel}>
          <h2 ref={heading} tabIndex={-1}>
            {sectionWords[route.section]}
          </h2>
          <Section section={route.section} desk={desk} workspaces={workspaces} onAddFolder={onAddFolder} />
        </div>
      </div>
    </section>
  )
}

/** Everything but what a dialog of the system chose. */
const allNames = Object.keys(defaultSettings).filter(
  (name) => name !== 'version' && name !== 'nodePath',
) as SettingName[]

function Section({
  section,
  desk,
  workspaces,
  onAddFolder,
}: {
  readonly section: SettingsSection
  readonly desk: SettingsDesk
  readonly workspaces: readonly Workspace[]
  readonly onAddFolder: () => void
}) {
  const { zoom } = useDesktop()
  switch (section) {
    case 'workspaces':
      return <WorkspaceSettings workspaces={workspaces} onAddFolder={onAddFolder} />
    case 'runs':
      return (
        <>
          <NumberSetting name="staleAfterHours" desk={desk} step={0.1} />
          <NumberSetting name="graceSeconds" desk={desk} step={0.1} />
          <ChoiceSetting
            name="durability"
            desk={desk}
            choices={[
              ['disk', settingsTexts.safest],
              ['system', settingsTexts.faster],
            ]}
          />
          <NumberSetting name="maxParallelSteps" desk={desk} placeholder={settingsTexts.auto} />
          <NodeSetting desk={desk} />
        </>
      )
    case 'storage':
      return (
        <>
          <SwitchSetting name="homeFallback" desk={desk} />
          <NumberSetting name="trashDays" desk={desk} />
        </>
      )
    case 'notifications':
      return <NotificationSettings desk={desk} />
    case 'look':
      return (
        <>
          <ChoiceSetting
            name="theme"
            desk={desk}
            choices={[
              ['system', settingsTexts.asTheSystem],
              ['light', settingsTexts.light],
              ['dark', settingsTexts.dark],
            ]}
          />
          <ChoiceSetting
            name="contrast"
            desk={desk}
            choices={[
              ['system', settingsTexts.asTheSystem],
              ['normal', settingsTexts.normal],
              ['high', settingsTexts.high],
            ]}
          />
          <ChoiceSetting
            name="density"
            desk={desk}
            choices={[
              ['comfortable', settingsTexts.comfortable],
              ['compact', settingsTexts.compact],
            ]}
          />
          <NumberSetting name="zoomPercent" desk={desk} step={10} unavailable={zoom} />
        </>
      )
    case 'shortcuts':
      return <ShortcutSettings desk={desk} />
    case 'read-only':
      return <ReadOnlySettings desk={desk} />
    case 'updates':
      return <UpdateSettings desk={desk} />
    case 'diagnostics':
      return <DiagnosticSettings desk={desk} />
  }
}
