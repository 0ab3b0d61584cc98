using FlowKit.Configuration;
using FlowKit.Specs.Running;

namespace FlowKit.Orchestration.Export;

/// <summary>Whole files, as people read them. FLOWKIT_WRITE_GOLDEN=1 writes them anew, for whoever compares them.</summary>
public sealed class GoldenExportTests
{
    [Theory]
    [InlineData("flows/shards/flow.yml", ExportTarget.Compose, "docker-compose.yml", "shards-compose.yml")]
    [InlineData("flows/shards/flow.yml", ExportTarget.Compose, "flow.yml", "shards-compose-flow.yml")]
    [InlineData("flows/shards/flow.yml", ExportTarget.Swarm, "stack.yml", "shards-stack.yml")]
    [InlineData("flows/shards/flow.yml", ExportTarget.Kubernetes, "indexer/indexer.yml", "shards-indexer.yml")]
    [InlineData("flows/hello/process.yml", ExportTarget.Kubernetes, "gateway/gateway.yml", "hello-gateway.yml")]
    [InlineData("flows/hello/process.yml", ExportTarget.Kubernetes, "upper/upper.yml", "hello-upper.yml")]
    [InlineData("flows/hello/process.yml", ExportTarget.Kubernetes, "kustomization.yaml", "hello-kustomization.yml")]
    [InlineData("flows/hello/process.yml", ExportTarget.Kubernetes, "prometheus-adapter.yml", "prometheus-adapter.yml")]
    [InlineData("flows/photos-postgres/flow.yml", ExportTarget.Kubernetes, "photos/photos.yml", "postgres-photos.yml")]
    public void A_file_is_what_it_was(string flow, ExportTarget target, string file, string golden)
    {
        using var exported = Exported.Of(Repository.At(flow), target, null, new FlowReadOptions { Environment = _ => null });
        var path = Repository.At("tests", "testdata", "export", golden);
        if (Environment.GetEnvironmentVariable("FLOWKIT_WRITE_GOLDEN") == "1")
        {
            File.WriteAllText(path, exported[file]);
        }

        Assert.Equal(File.ReadAllText(path), exported[file]);
    }
}
