/**
 * Words people type where a generated secret belongs: the most frequent English words of three
 * letters and more, and the vocabulary of deployments. A random string is hardly covered by them.
 */
export const COMMON_WORDS: ReadonlySet<string> = new Set(
  `
  the and that have for not with you this but his from they say her she will one all would there
  their what out about who get which when make can like time just him know take people into year
  your good some could them see other than then now look only come its over think also back after
  use two how our work first well way even new want because any these give day most very long are
  was were been has had did does done let may must shall should every never always please thank
  thanks hello world here where why best big little small great old young high low next last same
  different own right left still while again before between under until around without within
  man woman men women child life home house room city country place part point hand eye head face
  mother father family friend love heart mind money name number word line book water fire earth air
  sun moon star light dark night morning winter summer spring red blue green black white yellow
  horse dog cat bird fish tree apple orange banana battery staple correct dragon monkey master king
  queen football baseball sunshine princess welcome letmein admin root user guest login logon
  account access secret secrets key keys token tokens password pass passphrase phrase private public
  secure security insecure safe safety server service services session sessions cookie cookies
  production prod development develop dev staging stage test testing tests local localhost host
  domain example sample default demo dummy temp temporary change changed replace update please
  django flask fastapi express python node java script app apps application web website site api
  database data base backup store storage cache redis postgres mysql mongo sqlite cluster hub agent
  monitor monitoring monitored system systems company team project product customer client clients
  share sharing shared send sent read write open close closed start stop run running value string
  random really real super ultra mega hard strong weak simple easy unique generated generate
  something anything nothing everything someone anyone everyone nobody somebody thing things
  put set remember forget forgot keep kept hide hidden find found call called ask tell told show
  does should don cannot wont isnt dont internal external machine computer network internet cloud
  docker container compose nginx caddy proxy webhook signing signature sign signed crypto encrypt
  encryption hash salt pepper bits bytes characters character chars letters minimum maximum least
  enough length fifty sixty thirty twenty hundred thousand million zero three four five six seven
  eight nine ten once twice plain text value values super duper
  `
    .trim()
    .split(/\s+/),
);
