/** A picture as a data URL, put into the script at build. */
declare module '*.png?inline' {
  const url: string
  // biome-ignore lint/style/noDefaultExport: that is what the build makes of it
  export default url
}
