import { Column, CreateDateColumn, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

@Entity('tokens')
export class Token {
  @PrimaryColumn()
  merchantGatewayId!: string;

  @PrimaryColumn()
  merchantId!: string;

  @PrimaryColumn()
  id!: string;
}

@Entity('notifications')
@Index(['merchantGatewayId', 'merchantId', 'tokenId'])
export class Notification {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column()
  merchantGatewayId!: string;

  @Column()
  merchantId!: string;

  @Column()
  tokenId!: string;

  @Column({ nullable: true })
  correlationId?: string;

  @CreateDateColumn()
  receivedAt!: Date;
}
