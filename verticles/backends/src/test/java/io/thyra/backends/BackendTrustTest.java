package io.thyra.backends;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BackendTrustTest {
  @Test
  void letsAnAsteriskStandForOneLabel() {
    assertThat(BackendTrust.matches("*.default.svc", "web.default.svc")).isTrue();
    assertThat(BackendTrust.matches("*.svc", "web.default.svc")).isFalse();
    assertThat(BackendTrust.matches("web.*.svc", "web.default.svc")).isFalse();
    assertThat(BackendTrust.matches("WEB.default.svc", "web.DEFAULT.svc")).isTrue();
    assertThat(BackendTrust.matches("", "web.default.svc")).isFalse();
  }
}
