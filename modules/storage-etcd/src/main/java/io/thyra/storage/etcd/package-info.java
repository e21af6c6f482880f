/// The store in an etcd cluster, as many processes on it as wanted. Start reading at [io.thyra.storage.etcd.EtcdStorage].
@NullMarked
package io.thyra.storage.etcd;

import org.jspecify.annotations.NullMarked;
