package dev.caisson.history;

import dev.caisson.ports.Port;
import dev.caisson.ports.PublicPorts;
import dev.caisson.sandbox.SandboxId;
import java.util.Set;
import org.springframework.stereotype.Component;

/** The public ports in the database, so that they stay public over a restart of the service. */
@Component
final class DatabasePublicPorts implements PublicPorts {
  private final Database database;
  private final BatchWriter ledger;

  DatabasePublicPorts(Database database, BatchWriter ledger) {
    this.database = database;
    this.ledger = ledger;
  }

  @Override
  public Set<Integer> of(SandboxId sandbox) {
    return Set.copyOf(
        database.read(sql ->
            sql.queryForList(
                "select port from public_ports where sandbox = ?",
                Integer.class,
                sandbox.value())));
  }

  @Override
  public void set(Port port, boolean open) {
    String sandbox = port.sandbox().value();
    ledger.write(page -> {
      page.sql()
          .update(
              "delete from public_ports where sandbox = ? and port = ?", sandbox, port.number());
      if (open) {
        page.sql()
            .update(
                "insert into public_ports (sandbox, port) values (?, ?)", sandbox, port.number());
      }
    });
  }
}
