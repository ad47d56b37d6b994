export type Language = 'ko' | 'en';

const ko = {
  range: '시간 범위',
  ranges: { 900: '15분', 3600: '1시간', 21600: '6시간', 86400: '24시간', 604800: '7일' },
  custom: '직접',
  from: '부터',
  to: '까지',
  untilNow: '지금까지',
  apply: '보기',
  wrongRange: '시작이 끝보다 앞서야 합니다.',
  clock: (time: string) => `서버 시각 ${time}`,
  clockMoved: (by: string) => `이 기기와 ${by} 차이`,
  languageSwitch: 'English',
  themeSwitch: { system: '화면: 시스템', light: '화면: 밝게', dark: '화면: 어둡게' },
  asOf: (time: string) => ` ${time}의 값을 보고 있습니다.`,
  failures: {
    'server-away': '서버와 연결이 끊겼습니다. 다시 시도하고 있습니다.',
    'search-away': 'OpenSearch가 응답하지 않습니다. 다시 시도하고 있습니다.',
    'search-refuses': 'OpenSearch가 이 서버를 거절했습니다. 도메인의 액세스 정책을 확인하세요.',
    other: '서버에 문제가 있습니다. 서버의 로그를 확인하세요.',
  },
  table: '표로 보기',
};

const en: typeof ko = {
  range: 'Time range',
  ranges: { 900: '15 min', 3600: '1 h', 21600: '6 h', 86400: '24 h', 604800: '7 days' },
  custom: 'Custom',
  from: 'From',
  to: 'To',
  untilNow: 'Until now',
  apply: 'Show',
  wrongRange: 'The start must be before the end.',
  clock: (time) => `Server time ${time}`,
  clockMoved: (by) => `${by} from this device`,
  languageSwitch: '한국어',
  themeSwitch: { system: 'Theme: system', light: 'Theme: light', dark: 'Theme: dark' },
  asOf: (time) => ` What you see is from ${time}.`,
  failures: {
    'server-away': 'The server cannot be reached. Trying again.',
    'search-away': 'OpenSearch does not answer. Trying again.',
    'search-refuses': "OpenSearch refuses this server. Check the domain's access policy.",
    other: 'Something is wrong with the server. Its log says what.',
  },
  table: 'Show as a table',
};

/** What every page says; a page adds its own, a `title` at least. */
export type FrameTexts = typeof ko;

export const FRAME_TEXTS: Readonly<Record<Language, FrameTexts>> = { ko, en };
