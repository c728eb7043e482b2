package dev.caisson.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A token opens what it was granted for, for as long as that lasts, and is nowhere to be read. */
class GrantsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final FakeGrantRecords records = new FakeGrantRecords();
  private final MovingClock clock = new MovingClock();
  private final Grants grants = new Grants(records, clock);

  @Test
  void aTokenIsKnownByItsHashAloneAndDiffersEachTime() {
    Grants.Issued issued = grants.issue("sb-a", Grant.Scope.DOCKER, null, HOUR);
    Grants.Issued other = grants.issue("sb-a", Grant.Scope.PORT, 80, HOUR);

    assertThat(issued.token()).isNotEqualTo(other.token()).hasSizeGreaterThan(43);
    assertThat(grants.find(issued.token()))
        .isEqualTo(new Grant(issued.id(), "sb-a", Grant.Scope.DOCKER, null, clock.now.plus(HOUR)));
    assertThat(found(other).port()).isEqualTo(80);
    assertThat(records.all.toString()).doesNotContain(issued.token());
    assertThat(issued.toString()).doesNotContain(issued.token());
  }

  @Test
  void whatIsNoTokenOpensNothing() {
    String token = grants.issue("sb-a", Grant.Scope.DOCKER, null, HOUR).token();
    char last = token.charAt(token.length() - 1);
    String close = token.substring(0, token.length() - 1) + (last == 'A' ? 'B' : 'A');

    assertThat(grants.find(close)).isNull();
    assertThat(grants.find(token + "A")).isNull();
    assertThat(grants.find("")).isNull();
    assertThat(grants.find("cg_")).isNull();
  }

  @Test
  void aGrantIsOverWhenItsTimeIs() {
    String token = grants.issue("sb-a", Grant.Scope.DOCKER, null, HOUR).token();
    clock.now = clock.now.plus(HOUR);

    assertThat(grants.find(token)).isNull();
    assertThat(grants.list("sb-a")).isEmpty();
  }

  @Test
  void revokingCutsWhatIsOpenByItAndNothingElse() {
    Grants.Issued issued = grants.issue("sb-a", Grant.Scope.DOCKER, null, HOUR);
    Grants.Issued other = grants.issue("sb-a", Grant.Scope.DOCKER, null, HOUR);
    CountDownLatch cut = new CountDownLatch(1);
    CountDownLatch stays = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    grants.use(found(issued), cut::countDown);
    grants.use(found(other), stays::countDown);
    grants.use(found(issued), over::countDown).close();

    assertThatThrownBy(() -> grants.revoke("sb-b", issued.id()))
        .isInstanceOf(GrantException.NotFound.class);
    grants.revoke("sb-a", issued.id());

    assertThat(cut.getCount()).isZero();
    assertThat(stays.getCount()).isOne();
    assertThat(over.getCount()).isOne();
    assertThat(grants.find(issued.token())).isNull();
    assertThat(grants.list("sb-a")).extracting(Grant::id).containsExactly(other.id());
    assertThatThrownBy(() -> grants.revoke("sb-a", issued.id()))
        .isInstanceOf(GrantException.NotFound.class);
  }

  @Test
  void whatIsOpenedByAGrantThatWasJustRevokedIsCutAtOnce() {
    Grants.Issued issued = grants.issue("sb-a", Grant.Scope.DOCKER, null, HOUR);
    Grant grant = found(issued);
    grants.revoke("sb-a", issued.id());
    CountDownLatch cut = new CountDownLatch(1);
    grants.use(grant, cut::countDown);

    assertThat(cut.getCount()).isZero();
  }

  @Test
  void theSweeperForgetsWhatIsOverAndCutsWhatIsOpenByIt() throws Exception {
    grants.start();
    Grants.Issued issued = grants.issue("sb-a", Grant.Scope.DOCKER, null, HOUR);
    CountDownLatch cut = new CountDownLatch(1);
    grants.use(found(issued), cut::countDown);
    clock.now = clock.now.plus(HOUR);
    // News wakes it, as the time does.
    grants.issue("sb-b", Grant.Scope.DOCKER, null, HOUR);

    assertThat(cut.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(records.all).hasSize(1);
    grants.stop();
  }

  @Test
  void aSandboxHasSoManyAndNoMore() {
    for (int i = 0; i < Grants.MOST; i++) {
      grants.issue("sb-a", Grant.Scope.DOCKER, null, HOUR);
    }
    assertThatThrownBy(() -> grants.issue("sb-a", Grant.Scope.DOCKER, null, HOUR))
        .isInstanceOf(GrantException.TooMany.class);
    grants.issue("sb-b", Grant.Scope.DOCKER, null, HOUR);
  }

  private Grant found(Grants.Issued issued) {
    return Objects.requireNonNull(grants.find(issued.token()));
  }

  /** Goes on when it is told to. */
  private static final class MovingClock extends Clock {
    volatile Instant now = Instant.parse("2026-11-22T06:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
