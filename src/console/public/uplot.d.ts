// For the editor and tsc: at run time the gateway serves uPlot's own module under this name.
export { default } from 'uplot';
