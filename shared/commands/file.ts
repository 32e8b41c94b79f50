import { download } from './file-download.ts';
import { upload } from './file-upload.ts';

export const fileCommands = [upload, download];
