namespace FlowKit.Serving;

/// <summary>For tests that look at the memory of the whole process: others beside them would be counted too.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneOnTheMachine
{
    public const string Name = "alone on the machine";
}
