package io.thyra.backends;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.backends.ServiceResolver.Address;
import org.junit.jupiter.api.Test;

class AddressTest {
  @Test
  void putsVersionSixInBrackets() {
    assertThat(new Address("::1", 443).text()).isEqualTo("[::1]:443");
    assertThat(new Address("10.0.0.1", 443).text()).isEqualTo("10.0.0.1:443");
  }
}
