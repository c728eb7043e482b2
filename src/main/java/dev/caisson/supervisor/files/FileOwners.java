package dev.caisson.supervisor.files;

import dev.caisson.supervisor.system.Users;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names of users and groups by their numbers, as the image's lists have them now. */
public final class FileOwners {
  private final Map<Long, String> users;
  private final Map<Long, String> groups;

  public FileOwners(Users users) {
    this.users = users.userNames();
    this.groups = users.groupNames();
  }

  @Nullable String user(long uid) {
    return users.get(uid);
  }

  @Nullable String group(long gid) {
    return groups.get(gid);
  }
}
