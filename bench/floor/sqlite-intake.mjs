// The floor of the intake on SQLite, on the gateway's own schema, as durable as the gateway: WAL, synced at each commit.
import Database from 'better-sqlite3';
import { groupCommit } from './group-commit.mjs';
import { serveIntake } from './intake-server.mjs';

const database = new Database(process.env.DATABASE);
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');
// As the gateway does: the same pages, copied less often.
database.pragma('wal_autocheckpoint = 8000');

const nextSequence = database
  .prepare(
    `update tokens set last_sequence = last_sequence + 1
     where merchant_gateway_id = ? and merchant_id = ? and id = ? returning last_sequence`,
  )
  .pluck();
const insert = database.prepare(
  `insert into notifications
     (id, merchant_gateway_id, merchant_id, token_id, correlation_id, client_id, payload, received_at_ms, sequence)
   values (?, ?, ?, ?, ?, ?, null, ?, ?)`,
);

const write = database.transaction((calls) => {
  for (const call of calls) {
    const { merchantGatewayId, merchantId, tokenId } = call;
    const sequence = nextSequence.get(merchantGatewayId, merchantId, tokenId);
    if (sequence === undefined) {
      call.isUnknown = true;
      continue;
    }
    insert.run(
      call.id,
      merchantGatewayId,
      merchantId,
      tokenId,
      call.correlationId,
      call.clientId,
      call.receivedAtMs,
      sequence,
    );
  }
});

serveIntake(groupCommit((calls) => write.immediate(calls), { maxCalls: 256, maxConcurrent: 1 }));
