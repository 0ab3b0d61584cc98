// Each test starts processes, and counts those that are left.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: TestCollectionOrderer("FlowKit.Orchestration.SwarmLast", "FlowKit.Orchestration.Tests")]
