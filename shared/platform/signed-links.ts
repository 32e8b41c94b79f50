import type { Bucket } from '../define/resources.ts';
import { defineService, reads, type ServiceDeclaration } from '../define/service.ts';
import { bucketName } from './object-store.ts';

/** Makes links that whoever has them may read an object by, without a credential, until they expire. */
export interface SignedLinks {
  linkTo(name: string, seconds: number): Promise<string>;
}

/** Links to the objects of a bucket, signed (V4) by the IAM API with the function's own account. */
export function signedLinks(bucket: Bucket): ServiceDeclaration<SignedLinks> {
  const service = defineService(
    [reads(bucket)],
    ({ clients, clock, config }): SignedLinks => ({
      async linkTo(name, seconds) {
        const file = (await clients.storage()).bucket(bucketName(config, bucket)).file(name);
        const [url] = await file.getSignedUrl({
          ...{ version: 'v4', action: 'read', expires: clock.now() + seconds * 1000 },
          ...(config.signingUrl === '' ? {} : { signingEndpoint: `${config.signingUrl}/` }),
        });
        return url;
      },
    }),
  );
  return { ...service, signs: true };
}
