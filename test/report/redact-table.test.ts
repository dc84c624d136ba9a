import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/report/redact.ts';

/** Hides what stands between ⟦ and ⟧ and nothing else. The values are made up. */
const SECRETS: readonly (readonly [what: string, text: string])[] = [
  ['a bearer token', 'Authorization: Bearer ⟦abc123DEF456ghi⟧'],
  [
    'a bearer token of curl',
    `curl -H "Authorization: Bearer ⟦sha256~Qm9vbUJvb21Cb29tQm9vbQ⟧" https://api.example:6443`,
  ],
  ['a header dump', 'Authorization:[Bearer ⟦0f1e2d3c4b5a69788796a5b4c3d2e1f0⟧]'],
  ['a JWT', 'token ⟦eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzYSJ9.c2lnbmF0dXJl⟧ has expired'],
  ['a JWT in a URL', 'GET /ws?access_token=⟦eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzYSJ9.c2lnbmF0dXJl⟧&x=1'],
  ['basic auth in a header', 'Authorization: Basic ⟦Ym9iOmh1bnRlcjI=⟧'],
  ['basic auth of a lower-case header', 'authorization: basic ⟦YWRtaW46c2VjcmV0MTIz⟧'],
  ['an AWS access key', 'InvalidAccessKeyId: ⟦AKIAIOSFODNN7EXAMPLE⟧ does not exist'],
  ['a temporary AWS key', 'using credentials ⟦ASIAIOSFODNN7EXAMPLE⟧'],
  ['an AWS secret key', 'AWS_SECRET_ACCESS_KEY=⟦wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY⟧'],
  ['an AWS secret key in an ini file', 'aws_secret_access_key = ⟦wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY⟧'],
  ['an AWS session token', 'AWS_SESSION_TOKEN=⟦FwoGZXIvYXdzEJr//////////wEaDH4⟧'],
  [
    'a signed S3 URL',
    'GET https://b.s3.amazonaws.com/k?X-Amz-Expires=900&X-Amz-Signature=⟦4f1a8f5b7c6d5e4f3a2b1c0d9e8f7a6b⟧',
  ],
  ['a SAS URL', 'PUT https://acc.blob.core.windows.net/c?sv=2022-11-02&ss=b&sig=⟦a1B2c3D4e5F6g7H8%2Bi9J0k%3D⟧&se=2026'],
  [
    'an Azure storage key',
    'DefaultEndpointsProtocol=https;AccountName=acc;AccountKey=⟦Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6==⟧;EndpointSuffix=core',
  ],
  ['a Google API key', 'GET https://maps.googleapis.com/maps?key=⟦AIzaSyD-abcdefghijklmnopqrstuvwxyz12345⟧'],
  ['a password in a URL', 'GET https://bob:⟦pa55word⟧@registry.example/v2/'],
  ['a database URL', 'postgres://app:⟦s3cr3tPass⟧@db.example:5432/app?sslmode=require'],
  ['a redis URL without a user', 'redis://:⟦hunter2hunter⟧@redis:6379/0'],
  ['a mongo URL', 'mongodb+srv://root:⟦Pa%24%24w0rd⟧@cluster0.example/test'],
  ['a queue URL', 'amqp://guest:⟦guestpw1⟧@rabbit:5672/'],
  [
    'a git URL with a token',
    'fatal: Authentication failed for https://⟦ghp_abcdefghijklmnopqrstuvwx0123⟧@github.com/o/r',
  ],
  ['a proxy', 'HTTP_PROXY=http://proxyuser:⟦proxypw99⟧@proxy.example:3128'],
  ['a JDBC URL', 'jdbc:mysql://db:3306/app?user=app&password=⟦geheim123⟧&useSSL=true'],
  ['an ADO connection string', 'Server=db;Database=app;User Id=sa;Password=⟦P4ssw0rdP4ss⟧;Encrypt=true'],
  ['a libpq connection string', 'host=db user=app password=⟦s3cr3tPass⟧ dbname=app'],
  ['a GitHub token', 'remote: ⟦gho_16C7e42F292c6912E7710c838347Ae178B4a⟧'],
  ['a fine-grained GitHub token', 'auth with ⟦github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz⟧'],
  ['a GitLab token', 'PRIVATE-TOKEN: ⟦glpat-Ab12Cd34Ef56Gh78Ij90⟧'],
  ['a GitLab runner token', 'registration-token ⟦glrt-Ab12Cd34Ef56Gh78Ij90⟧'],
  ['a Slack token', 'slack: ⟦xoxb-123456789012-abcdefghijkl⟧ is revoked'],
  ['a Slack webhook', 'POST https://hooks.slack.com/services/⟦T00000000/B00000000/abcdefghijklmnopqrstuvwx⟧ 404'],
  ['a Vault token', 'X-Vault-Token: ⟦hvs.CAESIJabcdefghijklmnop⟧'],
  ['an npm token', '//npm.example.com/:_authToken=⟦npm_abcdefghijklmnopqrstuvwxyz0123456789⟧'],
  ['a Docker Hub token', 'login with ⟦dckr_pat_abcdefghijklmnopqrstuvwxyz1⟧'],
  ['a DigitalOcean token', 'doctl: ⟦dop_v1_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef⟧'],
  ['an OpenAI-like key', 'api: ⟦sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD⟧'],
  ['a Stripe key', 'charge with ⟦sk_live_abcdefghijklmnopqrstuvwx⟧'],
  [
    'a kubeadm token',
    'kubeadm join 10.0.0.1:6443 --token ⟦abcdef.0123456789abcdef⟧ --discovery-token-ca-cert-hash sha256:1',
  ],
  ['a bootstrap token in a Secret', 'bootstrap-token-abcdef: token-secret: ⟦0123456789abcdef⟧'],
  ['a k3s token', 'K3S_TOKEN=⟦K10abcdef0123456789abcdef0123456789::server:0123456789abcdef⟧'],
  ['an RKE2 token in a config', 'token: ⟦my-shared-cluster-words⟧'],
  ['a private key on one line', 'key: ⟦-----BEGIN RSA PRIVATE KEY----- MIIEow== -----END RSA PRIVATE KEY-----⟧'],
  [
    'a private key with escaped line ends',
    'tls.key=⟦-----BEGIN EC PRIVATE KEY-----\\nMHcCAQEE\\n-----END EC PRIVATE KEY-----⟧',
  ],
  ['an OpenSSH key', '⟦-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk=\n-----END OPENSSH PRIVATE KEY-----⟧'],
  ['client key data of a kubeconfig', '    client-key-data: ⟦LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQo=⟧'],
  ['a kubeconfig token', '    token: ⟦7f3b2c1d0e9f8a7b6c5d4e3f⟧'],
  ['a cookie', 'Cookie: ⟦session=eyJ1c2VyIjoiYm9iIn0.abc; theme=dark⟧'],
  ['a cookie that is set', 'Set-Cookie: ⟦argocd.token=abc123def456; Path=/; HttpOnly⟧'],
  ['docker auth', '{"auths":{"r.example":{"auth":"⟦Ym9iOnBhNTU=⟧"}}}'],
  ['docker config in a Secret', '  .dockerconfigjson: ⟦eyJhdXRocyI6eyJyLmV4YW1wbGUiOnsiYXV0aCI6IlltOWkifX19⟧'],
  ['data of a Secret', '  password: ⟦aHVudGVyMg==⟧'],
  ['data of a Secret in JSON', '"data":{"admin-password":"⟦aHVudGVyMg==⟧"}'],
  ['a TLS key of a Secret', '  tls.key: ⟦LS0tLS1CRUdJTiBFQyBQUklWQVRFIEtFWS0tLS0tCk1IYw==⟧'],
  ['an environment value of a describe', '      DB_PASSWORD:          ⟦hunter2hunter⟧'],
  ['an environment value in YAML on one line', '- {name: API_TOKEN, value: ⟦abcd1234efgh⟧}'],
  ['an environment value in JSON', '{"name":"REDIS_PASSWORD","value":"⟦hunter2hunter⟧"}'],
  ['a JSON field', '{"password":"⟦hunter2⟧","user":"x"}'],
  ['an escaped JSON field', '{\\"apiKey\\":\\"⟦hunter2hunter⟧\\"}'],
  ['a flag', 'etcd --password=⟦s3cr3t99⟧ --name n1'],
  ['a flag with a blank', 'mysqldump --password ⟦s3cr3t99⟧ app'],
  ['a password of a log', 'level=debug msg="login" user=bob password=⟦hunter2⟧ ok=true'],
  ['a passphrase', 'passphrase: ⟦correct-horse-battery⟧'],
  ['an encryption secret', 'aescbc: keys: - name: key1 secret: ⟦c2VjcmV0IGlzIHNlY3VyZQ==⟧'],
  ['a Helm value', '--set auth.rootPassword=⟦rootpw123⟧'],
  ['an API key in a header', 'x-api-key: ⟦0123456789abcdef0123⟧'],
  ['a WireGuard key', 'PrivateKey = ⟦yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=⟧'],
  ['a Ceph key', 'key = ⟦AQBSNX1mAAAAABAA0ZbX5xKkT1mP8b1zN0vYxQ==⟧'],
];

const PLAIN: readonly string[] = [
  'oauth token: unexpected status: 401 Unauthorized',
  'failed to fetch oauth token: unexpected status from POST request to https://auth.docker.io/token: 503',
  'failed to authorize: failed to fetch anonymous token: Get "https://auth.docker.io/token?scope=repository%3Alibrary%2Fnginx%3Apull&service=registry.docker.io": i/o timeout',
  'secret "grafana-admin" not found',
  'Error: secret "db-credentials" not found',
  "couldn't find key password in Secret shop/db",
  'MountVolume.SetUp failed for volume "token-abc" : secret "x" not registered',
  'MountVolume.SetUp failed for volume "kube-api-access-x9k2p" : failed to fetch token: serviceaccounts "default" is forbidden',
  'failed to fetch token: cannot create resource "serviceaccounts/token" in API group ""',
  'basic authentication failed',
  'bearer authentication required',
  'Bearer token expired',
  'WWW-Authenticate: Bearer realm="https://auth.docker.io/token",service="registry.docker.io"',
  'pq: password authentication failed for user "app"',
  'FATAL: password authentication failed for user "postgres"',
  "Access denied for user 'root'@'10.0.0.1' (using password: YES)",
  'sshd[811]: Failed password for invalid user admin from 192.0.2.7 port 50022 ssh2',
  'sshd[811]: Accepted password for ops from 192.0.2.7 port 50022 ssh2',
  'pam_unix(sshd:auth): authentication failure; logname= uid=0',
  'token has expired',
  'invalid bearer token, token lookup failed',
  'invalid bearer token, service account token has been invalidated',
  'error: You must be logged in to the server (the server has asked for the client to provide credentials)',
  'Unable to authenticate the request err="[invalid bearer token, square/go-jose: error in cryptographic primitive]"',
  'no basic auth credentials',
  'password: required',
  'tokens: 12 left, no password given',
  'max_tokens: 4096',
  'kubelet passed --token-auth-file and tokenTTL',
  'secretName: web-tls',
  'secretKeyRef: name: db key: password',
  'secret/shop/db-credentials unchanged',
  'secrets "web-tls" is forbidden: User "system:node:n1" cannot get resource "secrets"',
  'imagePullSecrets: [regcred]',
  'Mountable secrets:   web-token-9x2lk',
  'Tokens:              web-token-9x2lk',
  'SecretName:  web-token-9x2lk',
  'Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed.',
  'client-certificate-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUM=',
  'certificate-authority-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUM=',
  'caBundle: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUM=',
  '-----BEGIN CERTIFICATE----- MIIC -----END CERTIFICATE-----',
  'ca.crt: 1099 bytes',
  'password:  8 bytes',
  'token:      1035 bytes',
  'tls.key:  1704 bytes',
  'discovery-token-ca-cert-hash sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'image@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'pod uid 3f0e8a1c-5f6b-4e7d-9a8b-1c2d3e4f5a6b resourceVersion: "8812345"',
  'pod web-7d9f8b6c5-x2x4z in namespace shop',
  'containerd://4f1a8f5b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f',
  'lookup registry.example: Try again',
  'at 02:57:18 in 10.0.0.1',
  "DB_PASSWORD:  <set to the key 'password' in secret 'db'>  Optional: false",
  'password: <redacted>',
  'password=********',
  'password=${DB_PASSWORD}',
  'token=$TOKEN',
  'vault: error renewing token: context deadline exceeded',
  'authorization: denied by policy',
  'Authorization error: user is not allowed',
  'invalid credentials: check user name',
  'credentials: no valid providers in chain',
  'access token: too old',
  'Failed to retrieve secret: connection refused',
  'could not read secret: permission denied',
  'error getting credentials - err: exit status 1',
  'failed to refresh cached credentials, no EC2 IMDS role found',
  'private key: no such file or directory',
  'api key: not valid for this project',
  'failed to load client-key-data: illegal base64 data at input byte 4',
  'the token provided: unknown',
  'passwordSecret: name of the object',
  'key: node-role.kubernetes.io/control-plane',
  'git@github.com:org/repo.git',
  'ssh://git@github.com/org/repo.git',
  'https://user@github.example/org/repo.git',
  'etcdserver: auth: password of user is not set, skipping',
  'cookie: jar is empty',
  'sig: terminated by signal 9',
  'skopeo: sk-learn is no key',
];

const MARKS = /⟦([\s\S]*?)⟧/gu;

function shown(marked: string): string {
  let nth = 0;
  return marked.replace(MARKS, () => {
    nth++;
    return `<secret:${nth}>`;
  });
}

describe('a secret is hidden, and nothing around it', () => {
  it.each(SECRETS)('%s', (_, marked) => {
    const text = marked.replaceAll(/[⟦⟧]/gu, '');
    expect(createRedactor('secrets').redact(text)).toBe(shown(marked));
  });
});

describe('what only speaks of secrets stays', () => {
  it.each(PLAIN)('%s', (text) => {
    expect(createRedactor('secrets').redact(text)).toBe(text);
  });
});

it('gives one value one number, in whichever form it comes', () => {
  const { redact } = createRedactor('secrets');
  expect(
    [
      'password=hunter2hunter',
      'DB_PASSWORD: hunter2hunter',
      'redis://:hunter2hunter@redis:6379',
      '"pwd":"other99"',
    ].map(redact),
  ).toEqual(['password=<secret:1>', 'DB_PASSWORD: <secret:1>', 'redis://:<secret:1>@redis:6379', '"pwd":"<secret:2>"']);
});
