namespace FlowKit.Specs.Running;

/// <summary>The specs that share one feed, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class PackageFeedCollection : ICollectionFixture<PackageFeed>
{
    public const string Name = "packages";
}
