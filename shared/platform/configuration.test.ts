import assert from 'node:assert/strict';
import { ConfigurationError, readConfiguration } from './configuration.ts';

describe('the configuration', () => {
  it('has a default for everything', () => {
    const config = readConfiguration({});
    assert.equal(config.environment, 'production');
    assert.equal(config.sessionLeaseSeconds, 30);
    assert.equal(config.functionsUrl, 'https://us-central1-virtuoso-generator.cloudfunctions.net');
    assert.equal(config.invoker, 'virtuoso-invoker@virtuoso-generator.iam.gserviceaccount.com');
  });

  it('takes an empty variable as one that is not set', () => {
    assert.equal(readConfiguration({ GCP_REGION: '' }).region, 'us-central1');
  });

  it('derives addresses from the project and region', () => {
    const { functionsUrl } = readConfiguration({ GCP_PROJECT_ID: 'p', GCP_REGION: 'europe-west1' });
    assert.equal(functionsUrl, 'https://europe-west1-p.cloudfunctions.net');
  });

  it('drops the slash at the end of a URL, blanks in lists, and the case of a choice', () => {
    const config = readConfiguration({
      PUBLIC_URL: 'https://api.example.com//',
      LOG_LEVEL: 'warning',
      EGRESS_ALLOW: ' loopback , ,10.0.0.0/8',
    });
    assert.equal(config.publicUrl, 'https://api.example.com');
    assert.equal(config.logLevel, 'WARNING');
    assert.deepEqual(config.egressAllow, ['loopback', '10.0.0.0/8']);
  });

  it('reports all problems together, each with its variable', () => {
    const wrong = {
      ENVIRONMENT: 'moon',
      PUBLIC_URL: 'api',
      SESSION_LEASE_SECONDS: '1.5',
      REQUEST_SAMPLING: '2',
      EGRESS_ALLOW: 'loopback,10.0.0.0',
    };
    assert.throws(
      () => readConfiguration(wrong),
      (error: Error) => {
        assert.ok(error instanceof ConfigurationError);
        assert.match(error.message, /5 problem/);
        for (const variable of Object.keys(wrong)) assert.match(error.message, new RegExp(`${variable}=`));
        return true;
      },
    );
  });

  it('refuses a lease that nobody could renew', () => {
    assert.throws(() => readConfiguration({ SESSION_LEASE_SECONDS: '0' }), /SESSION_LEASE_SECONDS=0: must be/);
  });

  it('takes ranges beside loopback as allowed destinations', () => {
    assert.deepEqual(readConfiguration({ EGRESS_ALLOW: 'loopback,10.0.0.0/8,fd00::/8' }).egressAllow, [
      'loopback',
      '10.0.0.0/8',
      'fd00::/8',
    ]);
  });
});
