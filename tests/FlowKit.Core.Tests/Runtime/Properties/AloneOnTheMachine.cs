namespace FlowKit.Runtime.Properties;

/// <summary>Tests that want all processors: nothing runs beside them.</summary>
[CollectionDefinition(nameof(AloneOnTheMachine), DisableParallelization = true)]
public sealed class AloneOnTheMachine;
