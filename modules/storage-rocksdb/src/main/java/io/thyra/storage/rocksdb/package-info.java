/// The embedded engine: a store in one directory of the local disk. Start reading at
/// [io.thyra.storage.rocksdb.RocksStorage]; [io.thyra.storage.rocksdb.Layout] says what is on disk.
@NullMarked
package io.thyra.storage.rocksdb;

import org.jspecify.annotations.NullMarked;
