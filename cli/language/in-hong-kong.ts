/** Words that Hong Kong has other ones for than Taiwan; the catalogue is written in Taiwan's. */
const words: readonly (readonly [taiwan: string, hongKong: string])[] = [
  ['網路', '網絡'],
  ['使用者', '用戶'],
  ['軟體', '軟件'],
  ['核准', '批核'],
  ['品質', '質素'],
  ['行動裝置', '流動裝置'],
  ['專案', '項目'],
  ['連接埠', '埠'],
];

/** A text as it is written in Hong Kong. */
export function inHongKong(taiwan: string): string {
  return words.reduce((text, [there, here]) => text.replaceAll(there, here), taiwan);
}
