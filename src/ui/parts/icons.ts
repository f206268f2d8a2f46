/** Outlines on a 16 by 16 grid. */
export const ICON_PATHS = {
  check: 'M3.5 8.5l3 3 6-7',
  attention: 'M8 2.2l6.3 11.2H1.7zM8 6.4v3.4M8 11.6v.2',
  alert: 'M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4zM8 4.8v4M8 11v.2',
  idle: 'M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11z',
  running: 'M8 2a6 6 0 016 6',
  play: 'M4.5 2.8v10.4L13 8z',
  stop: 'M4 4h8v8H4z',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  download: 'M8 2v8M4.5 7L8 10.5 11.5 7M2.5 13.5h11',
  table: 'M2 3h12v10H2zM2 6.5h12M2 9.8h12M6.5 6.5V13',
  light:
    'M8 5a3 3 0 100 6 3 3 0 000-6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1.1 1.1M11.9 11.9L13 13M13 3l-1.1 1.1M4.1 11.9L3 13',
  dark: 'M13.5 9.6A6 6 0 116.4 2.5a4.8 4.8 0 007.1 7.1z',
  system: 'M8 2a6 6 0 100 12A6 6 0 008 2zM8 2v12',
  more: 'M3 8h.01M8 8h.01M13 8h.01',
  down: 'M4 6.5l4 4 4-4',
  left: 'M10 3.5L5.5 8l4.5 4.5',
  right: 'M6 3.5L10.5 8 6 12.5',
  up: 'M8 13V3M4 7l4-4 4 4',
  fall: 'M8 3v10M4 9l4 4 4-4',
  file: 'M4 1.8h5.2L12.5 5v9.2H4zM9 2v3.3h3.3',
  search: 'M7 2.5a4.5 4.5 0 100 9 4.5 4.5 0 000-9zM10.4 10.4L14 14',
  keyboard: 'M1.5 4h13v8h-13zM4 6.6h.01M6.6 6.6h.01M9.3 6.6h.01M12 6.6h.01M5 9.5h6',
  offline: 'M3 8.5l3.2 3.2L13 4.5',
  loop: 'M3 9a5 5 0 019.5-2M13 3v4H9M13 9',
  flag: 'M4 14V2.5h8l-2 3 2 3H4',
  info: 'M8 2.2a5.8 5.8 0 100 11.6A5.8 5.8 0 008 2.2zM8 7.2v4M8 4.9v.2',
} as const;

export type IconName = keyof typeof ICON_PATHS;
