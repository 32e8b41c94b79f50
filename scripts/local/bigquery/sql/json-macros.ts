import { CLASSES } from './classes.ts';

/** Whole numbers beyond 2^53, as a regular expression of their digits. */
const LARGE = ((largest: string) => {
  const greater = [...largest].flatMap((digit, index) => {
    if (digit === '9') return [];
    return `${largest.slice(0, index)}[${Number(digit) + 1}-9][0-9]{${largest.length - index - 1}}`;
  });
  return `-?(?:[0-9]{${largest.length + 1},}|${greater.join('|')})`;
})(String(2 ** 53));

/**
 * Macros of TO_JSON_STRING: an INT64 that a double does not hold is a text, as is a FLOAT64 that is no number.
 * @see https://cloud.google.com/bigquery/docs/reference/standard-sql/json_functions#json_encodings
 */
export const JSON_MACROS: Readonly<Record<string, string>> = {
  json_float:
    '(x) AS CASE WHEN isnan(x) THEN \'"NaN"\' WHEN isinf(x) THEN CASE WHEN x > 0 THEN \'"Infinity"\' ELSE \'"-Infinity"\' END ELSE bq_cast_string(x) END',
  json_whole: `(json) AS array_to_string(list_transform(regexp_extract_all(json, '"(?:[^"\\\\]|\\\\.)*"|[^"]+'), lambda e: CASE WHEN e[1] = '"' THEN e ELSE regexp_replace(e, '(${LARGE})', '"\\1"', 'g') END), '')`,
  to_json_string: `(x) AS coalesce(CASE WHEN ${CLASSES.FLOAT64.test} THEN bq_json_float(CAST(x AS DOUBLE)) WHEN ${CLASSES.INT64.test} THEN bq_json_whole(CAST(x AS VARCHAR)) WHEN regexp_matches(typeof(x), 'DOUBLE|FLOAT|DATE|TIME|BLOB|DECIMAL|HUGEINT|INTERVAL|bignumeric|UUID') THEN error('UNIMPLEMENTED: TO_JSON_STRING of ' || typeof(x)) WHEN typeof(x) LIKE '%INT%' AND typeof(x) NOT LIKE '%JSON%' THEN bq_json_whole(CAST(to_json(x) AS VARCHAR)) ELSE CAST(to_json(x) AS VARCHAR) END, 'null')`,
};
