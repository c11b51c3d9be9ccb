/** @param {string} prefix @param {number} count @returns {string[]} ids of merchants, in D1's format */
export function merchantIds(prefix, count) {
  return Array.from({ length: count }, (_, index) => prefix + String(index).padStart(11 - prefix.length, '0'));
}
