import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { IConfigMap, ISecret, IService } from 'kubernetes-models/v1';
import type { IDeployment } from 'kubernetes-models/apps/v1';
import type { IHorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { Environment, MASTER_KEY_PATTERN } from '../../src/config/environment.js';
import { loadConfig } from '../../src/config/load-config.js';
import { assertBySchema, manifests, unknownFields, type Manifest } from './manifests.js';
import { unknownSettings } from './settings.js';

const all = manifests();
const kustomization = parse(readFileSync('deploy/kubernetes/kustomization.yaml', 'utf8')) as {
  resources: string[];
  configMapGenerator: { name: string; files: string[] }[];
};
const settings = only<IConfigMap>('ConfigMap', 'settings').data ?? {};
const documentedPaths = Object.keys(
  (parse(readFileSync('docs/openapi.yaml', 'utf8')) as { paths: Record<string, unknown> }).paths,
);

describe('the Kubernetes manifests', () => {
  it.each(all.map((manifest) => [`${manifest.kind} ${manifest.metadata.name}`, manifest] as const))(
    '%s is valid by the schema of its kind',
    async (_, manifest) => {
      await expect(assertBySchema(manifest)).resolves.toBeUndefined();
    },
  );

  it('have no field that does not exist, as the schema alone would let pass', () => {
    const misspelt = { ...all[0], metadata: { name: 'x', lables: {} } } as unknown as Manifest;

    expect(unknownFields([misspelt]).join()).toContain(`'"lables"' does not exist`);
    expect(unknownFields(all)).toEqual([]);
  });

  it('are all applied, but for the secret', () => {
    const files = new Set(all.map(({ file }) => file));
    files.delete('secret.example.yaml');

    expect([...kustomization.resources].toSorted()).toEqual([...files].toSorted());
  });
});

describe.each(['intake', 'dispatcher'])('the %s', (role) => {
  const { spec } = only<IDeployment>('Deployment', role);
  const pod = spec?.template.spec;
  const container = pod?.containers[0];
  const env = new Map(container?.env?.map(({ name, value }) => [name, value]));

  it('has settings that the gateway knows and takes', () => {
    expect(unknownSettings([...Object.keys(settings), ...env.keys()])).toEqual([]);
    expect(env.get('ROLES')).toBe(role);
    expect(container?.envFrom).toEqual([{ configMapRef: { name: 'settings' } }]);
    expect(() => loadConfig({ ...settings, DATABASE_URL: 'postgres://gateway@db.example/gateway' })).not.toThrow();
  });

  it('is probed where the gateway answers', () => {
    const probes = [container?.startupProbe, container?.livenessProbe, container?.readinessProbe];
    const paths = probes.map((probe) => probe?.httpGet?.path);

    expect(paths).toEqual(['/health/live', '/health/live', '/health/ready']);
    expect(documentedPaths).toEqual(expect.arrayContaining(paths));
    expect(probes.map((probe) => probe?.httpGet?.port)).toEqual(['http', 'http', 'http']);
    expect(container?.ports).toEqual([{ name: 'http', containerPort: new Environment().PORT }]);
  });

  it('is given the time to stop that its settings ask for', () => {
    const { shutdownDelayMs, requestTimeoutMs } = loadConfig(settings).server;
    const { periodSeconds = 0, failureThreshold = 0, timeoutSeconds = 0 } = container?.readinessProbe ?? {};

    expect(pod?.terminationGracePeriodSeconds).toBeGreaterThan((shutdownDelayMs + requestTimeoutMs) / 1000);
    expect(shutdownDelayMs).toBeGreaterThanOrEqual((periodSeconds * failureThreshold + timeoutSeconds) * 1000);
  });

  it('may do nothing that it need not', () => {
    expect(pod?.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(pod?.automountServiceAccountToken).toBe(false);
    expect(container?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(container?.resources).toMatchObject({ requests: expect.anything(), limits: expect.anything() });
  });

  it('refers to what is there', () => {
    const volumes = new Set(pod?.volumes?.map(({ name }) => name));
    const secret = only<ISecret>('Secret', 'gateway').stringData ?? {};
    const keys = pod?.volumes?.flatMap((volume) => volume.secret?.items ?? []).map(({ key }) => key) ?? [];
    const maps = pod?.volumes?.flatMap(({ configMap }) => configMap?.name ?? []);

    expect(container?.volumeMounts?.filter(({ name }) => !volumes.has(name))).toEqual([]);
    expect([...keys, 'database-url'].filter((key) => !(key in secret))).toEqual([]);
    expect(maps).toEqual(kustomization.configMapGenerator.map(({ name }) => name));
    expect(only('ServiceAccount', pod?.serviceAccountName ?? '')).toBeDefined();
  });

  it('finds its key and its provisioning file where they are mounted', () => {
    const mounts = container?.volumeMounts?.map(({ mountPath }) => mountPath) ?? [];
    const files = [settings.MASTER_KEY_FILE ?? '', settings.PROVISION_FILE ?? ''];

    expect(files.filter((file) => !mounts.some((mount) => file.startsWith(`${mount}/`)))).toEqual([]);
  });

  it('is found by its budget, which lets one go of the two that are there at least', () => {
    const labels = spec?.template.metadata?.labels;
    const budget = only<IPodDisruptionBudget>('PodDisruptionBudget', role).spec;
    const scaling = only<IHorizontalPodAutoscaler>('HorizontalPodAutoscaler', role).spec;

    expect(spec?.selector.matchLabels).toEqual(labels);
    expect(budget?.selector?.matchLabels).toEqual(labels);
    expect(budget?.maxUnavailable).toBe(1);
    expect(scaling).toMatchObject({ minReplicas: 2, scaleTargetRef: { kind: 'Deployment', name: role } });
  });
});

it('only intake gets requests', () => {
  const { selector, ports } = only<IService>('Service', 'gateway').spec ?? {};
  const labels = only<IDeployment>('Deployment', 'intake').spec?.template.metadata?.labels;

  expect(selector).toEqual(labels);
  expect(ports).toEqual([{ name: 'http', port: 80, targetPort: 'http' }]);
});

it('PostgreSQL’s default of 100 connections, 3 of them reserved, is enough for all pods and one more of each while they roll', () => {
  const pods = ['intake', 'dispatcher'].map(
    (role) => (only<IHorizontalPodAutoscaler>('HorizontalPodAutoscaler', role).spec?.maxReplicas ?? 0) + 1,
  );
  // Besides its pool a pod holds one to hear of the others and two to count guesses; the two to migrate by come before them.
  const connectionsEach = Number(settings.DATABASE_POOL_SIZE) + 3;

  expect(pods.reduce((sum, count) => sum + count) * connectionsEach).toBeLessThanOrEqual(97);
});

it('the example of the secret holds none that works', () => {
  const { stringData = {} } = only<ISecret>('Secret', 'gateway');

  expect(stringData['master-key']).not.toMatch(MASTER_KEY_PATTERN);
  expect(() => loadConfig({ ...settings, DATABASE_URL: stringData['database-url'] })).toThrow('DATABASE_URL');
  expect(stringData['d1-client-secret']).toBe('');
});

function only<T>(kind: string, name: string): T {
  const found = all.filter((manifest) => manifest.kind === kind && manifest.metadata.name === name);
  if (found.length !== 1) throw new Error(`${found.length} objects are ${kind} ${name}`);
  return found[0] as unknown as T;
}
