/**
 * Month names as `strftime %b` and `%B` print them in the locales that journalctl and syslog are met in:
 * en, de, fr, es, it, pt, nl, pl, sv, ru. Case and a trailing dot do not matter.
 */

const NAMES: readonly string[] = [
  'jan january januar jänner jän janv janvier ene enero gen gennaio janeiro januari sty styczeń stycznia янв январь января',
  'feb february februar févr fév février fevr febrero febbraio fev fevereiro februari lut luty lutego фев февр февраль февраля',
  'mar march mär mrz märz mars marzo março mrt maart marzec marca мар март марта',
  'apr april avr avril abr abril aprile kwi kwiecień kwietnia апр апрель апреля',
  'may mai mayo mag maggio maio mei maj maja май мая',
  'jun june juni juin junio giu giugno junho cze czerwiec czerwca июн июнь июня',
  'jul july juli juil juillet julio lug luglio julho lip lipiec lipca июл июль июля',
  'aug august aoû août aout ago agosto augustus augusti sie sierpień sierpnia авг август августа',
  'sep sept september septembre septiembre set settembre setembro wrz wrzesień września сен сент сентябрь сентября',
  'oct october okt oktober octobre octubre ott ottobre out outubro paź październik października окт октябрь октября',
  'nov november novembre noviembre novembro lis listopad listopada ноя нояб ноябрь ноября',
  'dec december dez dezember déc décembre dic diciembre dicembre dezembro gru grudzień grudnia дек декабрь декабря',
];

const NUMBERS: ReadonlyMap<string, number> = new Map(
  NAMES.flatMap((names, index) => names.split(' ').map((name) => [name, index + 1] as const)),
);

/** 1..12, or undefined when the word is no month in any of the languages. */
export function monthNumber(word: string): number | undefined {
  if (word.length < 2 || word.length > 16) {
    return undefined;
  }
  const bare = word.endsWith('.') ? word.slice(0, -1) : word;
  return NUMBERS.get(bare) ?? NUMBERS.get(bare.normalize('NFC').toLowerCase());
}
