# find_jdk25: sets and exports JAVA_HOME to a JDK 25 or ends with what to install.
# Looks at JAVA_HOME, then at the usual places of Debian, Fedora, SDKMAN, asdf, Homebrew and macOS, then at java on the PATH.
jdk25_at() {
  [ -x "$1/bin/javac" ] && [ -f "$1/release" ] && grep -q '^JAVA_VERSION="25[."]' "$1/release"
}

find_jdk25() {
  local on_path candidate
  on_path=$(command -v java 2> /dev/null) && on_path=$(dirname "$(dirname "$(readlink -f "$on_path")")") || on_path=
  for candidate in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.asdf/installs/java/* \
    /opt/java/* /opt/jdk* /opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -n "$candidate" ] && jdk25_at "$candidate"; then
      export JAVA_HOME=$candidate
      return 0
    fi
  done
  echo "Thyra needs a JDK 25 and none was found in JAVA_HOME, on the PATH or in the usual places." >&2
  echo "Install one (for example the package temurin-25-jdk or openjdk-25-jdk), or set JAVA_HOME to it." >&2
  exit 1
}
