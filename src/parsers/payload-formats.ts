import type { LineFormat } from './format.ts';

/** Logs as programs write them: klog, logfmt, zap, CoreDNS, vlog. */
export const payloadFormats: readonly LineFormat[] = [];
