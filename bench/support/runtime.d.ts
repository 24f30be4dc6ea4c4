/** The package brings no types: the path of the runtime's program for this platform. */
declare module 'workerd' {
  const workerd: { default: string; version: string }
  export default workerd
}
