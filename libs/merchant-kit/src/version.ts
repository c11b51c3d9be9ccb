/**
 * The version of this kit, by [semantic versioning](https://semver.org): within a major version what is exported here
 * keeps its meaning. A team states the versions it works with in `MerchantModule.register({ kit })`.
 */
export const KIT_VERSION = '1.1.0';
