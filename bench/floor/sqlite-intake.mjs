// The floor of the intake on SQLite, on the gateway's own schema, as durable as the gateway: WAL, synced at each commit.
import Database from 'better-sqlite3';
import { groupCommit } from './group-commit.mjs';
import { serveIntake } from './intake-server.mjs';

const database = new Database(process.env.DATABASE);
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');
// As the gateway does: the same pages, copied less often.
database.pragma('wal_autocheckpoint = 8000');

const knowsToken = database.prepare(
  'select 1 from tokens where merchant_gateway_id = ? and merchant_id = ? and id = ?',
);
const lastSequence = database.prepare('select last from notification_sequence').pluck();
const saveSequence = database.prepare('update notification_sequence set last = ?');
const insert = database.prepare(
  `insert into notifications
     (id, merchant_gateway_id, merchant_id, token_id, correlation_id, client_id, payload, received_at_ms, sequence)
   values (?, ?, ?, ?, ?, ?, null, ?, ?)`,
);

const write = database.transaction((calls) => {
  let sequence = lastSequence.get();
  for (const call of calls) {
    const { merchantGatewayId, merchantId, tokenId } = call;
    if (knowsToken.get(merchantGatewayId, merchantId, tokenId) === undefined) {
      call.isUnknown = true;
      continue;
    }
    sequence += 1;
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
  saveSequence.run(sequence);
});

serveIntake(groupCommit((calls) => write.immediate(calls), { maxCalls: 256, maxConcurrent: 1 }));
