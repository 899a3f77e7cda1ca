import { BlockList, isIP } from 'node:net';

/**
 * Where an address leads: out to the public internet; inside (loopback, a private network); or where nothing is to be
 * sent at all (link-local with the metadata services of clouds, this host, multicast, reserved and documentation ranges).
 */
export type Whereabouts = 'public' | 'inside' | 'never';

const inside = listOf(
  // Loopback and private networks.
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  // Between a carrier and its customers, and benches of networks.
  '100.64.0.0/10',
  '198.18.0.0/15',
  '::1/128',
  'fc00::/7',
);
const never = listOf(
  '0.0.0.0/8',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  // Metadata services of clouds that lie among private addresses.
  '100.100.100.200/32',
  // One that lies among public ones.
  '168.63.129.16/32',
  'fd00:ec2::254/128',
  // Of the global addresses: tunnels that hold another address, special purposes, documentation.
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
);
const global6 = listOf('2000::/3');
/** An IPv4 address in the last 32 bits: mapped (`::ffff:0:0/96`), and translated by a gateway (`64:ff9b::/96`). */
const holding4 = listOf('::ffff:0:0/96', '64:ff9b::/96');

/** Judges an IP address as a resolver or a socket gives it; what is no address is never sent to. */
export function judgeAddress(address: string): Whereabouts {
  const bare = address.replace(/^\[|\]$|%.*$/g, '');
  const family = isIP(bare);
  if (family === 0) return 'never';
  if (family === 4) return judge(bare, 'ipv4') ?? 'public';
  const held = holding4.check(bare, 'ipv6') ? lastFour(bare) : undefined;
  if (held !== undefined) return judge(held, 'ipv4') ?? 'public';
  return judge(bare, 'ipv6') ?? (global6.check(bare, 'ipv6') ? 'public' : 'never');
}

function judge(address: string, family: 'ipv4' | 'ipv6'): Whereabouts | undefined {
  if (never.check(address, family)) return 'never';
  if (inside.check(address, family)) return 'inside';
  return undefined;
}

function listOf(...ranges: string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [net = '', bits] = range.split('/');
    list.addSubnet(net, Number(bits), net.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}

function lastFour(address: string): string | undefined {
  // An address of URLs has one form only: `::ffff:10.0.0.1` becomes `[::ffff:a00:1]`.
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1).split(':').slice(-2);
  const bits = groups.map((group) => Number.parseInt(group === '' ? '0' : group, 16));
  return bits.flatMap((group) => [group >> 8, group & 255]).join('.');
}
