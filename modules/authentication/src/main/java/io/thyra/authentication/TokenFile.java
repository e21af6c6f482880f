package io.thyra.authentication;

import io.thyra.model.Authenticator.Authenticated;
import io.thyra.model.UserInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The static tokens of `--token-auth-file`: lines of token,user,uid,"group,group". Tokens are compared by their digests,
/// all of them each time, so that the time taken says nothing about how much of a guess was right.
/// Source: apiserver pkg/authentication/token/tokenfile.
public final class TokenFile implements TokenAuthenticator {
  private record Entry(byte[] digest, UserInfo user) {}

  private final List<Entry> entries;

  private final List<String> audiences;

  private TokenFile(List<Entry> entries, List<String> audiences) {
    this.entries = entries;
    this.audiences = List.copyOf(audiences);
  }

  /// @param audiences those of this server, which every token of the file is meant for
  /// @throws IOException when the file cannot be read or a line has fewer than three columns
  public static TokenFile read(Path file, List<String> audiences) throws IOException {
    var entries = new ArrayList<Entry>();
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      List<String> columns = columns(line);
      if (columns.size() < 3) {
        throw new IOException("token file " + file + " must have at least 3 columns (token, user name, user uid), found " + columns.size());
      }
      if (columns.getFirst().isEmpty()) {
        continue;
      }
      List<String> groups = columns.size() > 3 ? List.of(columns.get(3).split(",", -1)) : List.of();
      entries.add(new Entry(digest(columns.get(0)), new UserInfo(columns.get(1), columns.get(2), groups)));
    }
    return new TokenFile(entries, audiences);
  }

  private static List<String> columns(String line) {
    var columns = new ArrayList<String>();
    var column = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        columns.add(column.toString().strip());
        column.setLength(0);
      } else {
        column.append(c);
      }
    }
    columns.add(column.toString().strip());
    return columns;
  }

  @Override
  public Optional<Authenticated> authenticate(String token, List<String> asked) {
    List<String> common = asked.isEmpty() ? audiences : asked.stream().filter(audiences::contains).toList();
    if (common.isEmpty() && !asked.isEmpty()) {
      return Optional.empty();
    }
    return find(token).map(user -> new Authenticated(user, common));
  }

  private Optional<UserInfo> find(String token) {
    byte[] asked = digest(token);
    UserInfo found = null;
    for (Entry entry : entries) {
      if (MessageDigest.isEqual(entry.digest(), asked)) {
        found = entry.user();
      }
    }
    return Optional.ofNullable(found);
  }

  private static byte[] digest(String token) {
    return Digests.sha256(token.getBytes(StandardCharsets.UTF_8));
  }
}
