/**
 * sosreport, old and new names.
 *
 *     sosreport-HOST-CASE-2022-02-10-abcdefg/       sos 3.6 and later
 *     sosreport-HOST.CASE-20120101120000-ab12/      before
 *       hostname  date  sos_commands/PLUGIN/COMMAND_with_underscores  var/log/messages  sos_logs/sos.log
 */
import type { SourceContext } from '../../model/index.ts';
import { dateInName, dateInText } from './dates.ts';
import { type DatedFile, folderMarker, hostName, type Layout, type LayoutRoot } from './layout.ts';

export const sosreport: Layout = {
  id: 'sosreport',
  needs: 1,
  marker: (path) => folderMarker(path, 'sos_commands') ?? folderMarker(path, 'sos_reports'),
  context,
  collected,
  node,
};

function context(path: string): SourceContext {
  const log = /^var\/log\/(?:messages|syslog|kern\.log|daemon\.log|secure)/u.test(path);
  return log ? { formats: ['syslog-3164', 'syslog-iso'] } : {};
}

function node(root: LayoutRoot): string | undefined {
  for (const path of ['hostname', 'sos_commands/host/hostname', 'sos_commands/general/hostname', 'etc/hostname']) {
    const name = /^([A-Za-z0-9][A-Za-z0-9.-]{0,252})\s*$/u.exec(root.text(path) ?? '')?.[1];
    if (name !== undefined && hostName(name) !== undefined && !name.startsWith('localhost')) {
      // Logs carry the first part only.
      return name.split('.')[0];
    }
  }
  return /^sosreport-([A-Za-z0-9][A-Za-z0-9-]{0,60}?)(?:[.-]\d{4,12})?-\d{4}-?\d\d-?\d\d/u.exec(root.name)?.[1];
}

function collected(root: LayoutRoot): readonly DatedFile[] {
  for (const path of [
    'date',
    'sos_commands/date/date',
    'sos_commands/general/date',
    'sos_commands/systemd/timedatectl',
  ]) {
    const stamp = dateInText(root.text(path) ?? '');
    if (stamp !== undefined) {
      return [{ stamp, basis: path }];
    }
  }
  const stamp = dateInName(root.name);
  return stamp === undefined ? [] : [{ stamp, basis: 'name of the folder' }];
}
