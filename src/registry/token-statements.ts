// Registering many tokens in one statement, for each engine. A token that was deleted goes on with its sequence: a
// notification's is unique for its token.

/** Parameters: merchant gateway, merchant, ids as a JSON list, now in milliseconds. */
export const SQLITE_PUT_TOKENS = `
  with given(gateway, merchant, ids, now_ms) as (values (?, ?, ?, ?))
  insert into tokens (merchant_gateway_id, merchant_id, id, last_sequence, registered_at_ms)
  select g.gateway, g.merchant, j.value, coalesce((
      select max(n.sequence) from notifications n
      where n.merchant_gateway_id = g.gateway and n.merchant_id = g.merchant and n.token_id = j.value), 0), g.now_ms
  from given g, json_each(g.ids) j where true
  on conflict do nothing`;

/** Parameters: the same, the ids as an array. Answers how many are new. */
export const POSTGRES_PUT_TOKENS = `
  with registered as (
    insert into tokens (merchant_gateway_id, merchant_id, id, last_sequence, registered_at_ms)
    select $1::text, $2::text, t.id, coalesce((
        select max(n.sequence) from notifications n
        where n.merchant_gateway_id = $1::text and n.merchant_id = $2::text and n.token_id = t.id), 0), $4::bigint
    from unnest($3::text[]) as t(id)
    on conflict do nothing
    returning 1
  )
  select count(*)::int as registered from registered`;
