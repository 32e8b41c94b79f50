/** A write that found no room, with the folder that it was for: the system does not tell. Any other error as it is. */
export function explainFullDisk(error: unknown, folder: string): unknown {
  if (!['ENOSPC', 'EDQUOT'].includes(String((error as { code?: unknown }).code))) return error;
  return new Error(
    `there is no room for the browser in ${folder}: free some space there, or name another folder by TMPDIR.`,
    { cause: error },
  );
}
