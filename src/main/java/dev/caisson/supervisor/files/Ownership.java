package dev.caisson.supervisor.files;

import dev.caisson.supervisor.system.Identity;
import dev.caisson.supervisor.system.Log;
import dev.caisson.supervisor.system.Users;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.RefusedException;
import org.jspecify.annotations.Nullable;

/** The owners of new files: the user that was named, else the one that processes get by default. */
public final class Ownership {
  private final Users users;
  private final @Nullable String user;
  private @Nullable Identity usual;

  /**
   * @param user of processes by default, null for root
   */
  public Ownership(Users users, @Nullable String user) {
    this.users = users;
    this.user = user;
  }

  /**
   * Returns the owner of this name; null for the usual one.
   *
   * @throws RefusedException if there is no such user
   */
  Identity of(@Nullable String owner) throws RefusedException {
    return owner == null ? usual() : users.resolve(owner);
  }

  /**
   * Returns the numbers of these names, as far as the image knows them, else those that were given.
   */
  Answer.Owner of(@Nullable String user, @Nullable String group, long uid, long gid) {
    Long knownUser = user == null ? null : users.userNumber(user);
    Long knownGroup = group == null ? null : users.groupNumber(group);
    return new Answer.Owner(
        knownUser == null ? uid : knownUser, knownGroup == null ? gid : knownGroup);
  }

  /**
   * Returns the usual owner, root where the image's own user is in no list of it: files must be
   * able to mend that.
   */
  private Identity usual() {
    if (usual == null) {
      try {
        usual = users.resolve(user);
      } catch (RefusedException e) {
        Log.debug("files are root's", "why", e.getMessage());
        usual = Identity.ROOT;
      }
    }
    return usual;
  }
}
