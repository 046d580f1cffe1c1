"""What others do on daily costs, as they are usually set up: for the tables that `benchmarks.analysis` prints."""
