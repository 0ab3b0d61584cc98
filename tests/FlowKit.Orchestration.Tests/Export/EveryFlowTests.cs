using System.Reflection;
using FlowKit.Configuration;
using FlowKit.Configuration.Executors;
using FlowKit.Orchestration.Launching.Containers;
using FlowKit.Specs.Running;
using k8s;
using k8s.Models;

namespace FlowKit.Orchestration.Export;

/// <summary>Every flow that comes with FlowKit, for every engine.</summary>
public sealed class EveryFlowTests
{
    private static readonly FlowReadOptions Read = new() { Environment = _ => null };

    /// <summary>Those of the library's models that Kubernetes itself would read.</summary>
    private static readonly Dictionary<string, Type> Kinds = typeof(V1Deployment).Assembly.GetTypes()
        .Select(type => (Type: type, Kind: type.GetCustomAttribute<KubernetesEntityAttribute>()))
        .Where(known => known.Kind is not null)
        .ToDictionary(known => $"{(known.Kind!.Group.Length > 0 ? $"{known.Kind.Group}/" : "")}{known.Kind.ApiVersion}/{known.Kind.Kind}", known => known.Type);

    public static TheoryData<string> Flows { get; } = new(
        Directory.GetFiles(Repository.At("flows"), "*.yml", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("jtype: Flow", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(Repository.Root, file)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Flows))]
    public void Kubernetes_objects_are_read_back_strictly(string flow)
    {
        using var exported = Exported.Of(Repository.At(flow), ExportTarget.Kubernetes, Exported.Options with { IngressHost = "flow.example.com" }, Read);

        var kinds = exported.Result.Files.Where(file => file.EndsWith(".yml", StringComparison.Ordinal) && file.Contains('/', StringComparison.Ordinal))
            .SelectMany(file => ObjectsOf(exported[file])).Select(kind => kind.Split('/')[^1]).ToList();

        Assert.Equal(["ConfigMap", "Service", "Deployment", "HorizontalPodAutoscaler", "PodDisruptionBudget", "Ingress"], kinds.Take(6));
        Assert.Equal(
            exported.Result.Files.Select(file => file).Where(file => file.Contains('/', StringComparison.Ordinal)),
            KubernetesYaml.Deserialize<Dictionary<string, object>>(exported["kustomization.yaml"])["resources"] as IEnumerable<object>);
    }

    [Theory]
    [MemberData(nameof(Flows))]
    public void The_gateway_has_the_same_graph(string flow)
    {
        using var exported = Exported.Of(Repository.At(flow), ExportTarget.Compose, null, Read);
        var before = FlowConfigReader.Read(Repository.At(flow), new FlowReadOptions { Environment = _ => "x" });

        var after = FlowConfigReader.Read(Path.Combine(exported.Path, "flow.yml"));

        Assert.Equal(before.Executors.Select(Shape), after.Executors.Select(Shape));
        Assert.Equal((before.Gateway.Title, before.Gateway.Capacity, "0.0.0.0"), (after.Gateway.Title, after.Gateway.Capacity, after.Gateway.Host));
        Assert.Equal(before.Gateway.Ports, after.Gateway.Ports);
        Assert.Equal(before.Gateway.Compat, after.Gateway.Compat);
        Assert.Equal(before.Gateway.Examples, after.Gateway.Examples);
        Assert.Equal(["gateway.host"], after.Warnings.Select(warning => warning.Key));
    }

    [CommandTheory("docker", "--version")]
    [MemberData(nameof(Flows))]
    public async Task Docker_reads_the_stack(string flow)
    {
        using var exported = Exported.Of(Repository.At(flow), ExportTarget.Swarm, null, Read);

        var read = await RunAsync(exported, "docker", "stack", "config", "--compose-file", Path.Combine(exported.Path, "stack.yml"));

        Assert.Contains("  gateway:", read, StringComparison.Ordinal);
    }

    [CommandTheory("docker", "compose", "version")]
    [MemberData(nameof(Flows))]
    public async Task Docker_compose_reads_the_file(string flow)
    {
        using var exported = Exported.Of(Repository.At(flow), ExportTarget.Compose, null, Read);
        var file = Path.Combine(exported.Path, "docker-compose.yml");

        var services = await RunAsync(exported, "docker", "compose", "--file", file, "config", "--services");
        var read = await RunAsync(exported, "docker", "compose", "--file", file, "config");

        var expected = (KubernetesYaml.Deserialize<Dictionary<object, object>>(exported["docker-compose.yml"])["services"] as IDictionary<object, object>)!.Keys;
        Assert.Equal(expected.Select(name => $"{name}").Order(StringComparer.Ordinal), services.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("${", read.Replace("$${", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    /// <summary>What kubectl would apply: it puts the files together, each object in the namespace.</summary>
    [CommandTheory("kubectl", "version", "--client")]
    [MemberData(nameof(Flows))]
    public async Task Kubectl_puts_the_objects_together(string flow)
    {
        using var exported = Exported.Of(
            Repository.At(flow), ExportTarget.Kubernetes, Exported.Options with { IngressHost = "flow.example.com", Namespace = "photos" }, Read);

        var built = await RunAsync(exported, "kubectl", "kustomize", exported.Path);

        var written = exported.Result.Files.Where(file => file.Contains('/', StringComparison.Ordinal)).SelectMany(file => HeadsOf(exported[file]));
        Assert.Equal(written.Order(StringComparer.Ordinal), HeadsOf(built).Order(StringComparer.Ordinal));
        Assert.All(HeadsOf(built), head => Assert.StartsWith("photos/", head, StringComparison.Ordinal));
        Assert.NotEmpty(ObjectsOf(built));
    }

    private static IEnumerable<string> HeadsOf(string text) => text.Split("\n---\n").Select(document => KubernetesYaml.Deserialize<KubernetesHead>(document))
        .Select(head => $"{head.Metadata.NamespaceProperty}/{head.ApiVersion}/{head.Kind}/{head.Metadata.Name}");

    /// <summary>Runs a command that must not fail, with the variables that the engine is to be given.</summary>
    private static async Task<string> RunAsync(Exported exported, params string[] command)
    {
        var answer = await new Engine("env", "").RunAsync([.. exported.Result.Secrets.Select(name => $"{name}=given"), .. command], CancellationToken.None);
        Assert.True(answer.ExitCode == 0, answer.Errors);
        return answer.Output;
    }

    /// <summary>What the gateway must know of an executor, wherever that runs.</summary>
    private static string Shape(ExecutorConfig executor) =>
        $"{executor.Name} <- {string.Join('+', executor.Needs)} {executor.When} {executor.Floating} {executor.Inspects} {executor.NoReduce} {executor.Shards} "
        + $"{string.Join(',', new[] { "/index", "/search", "/other" }.Select(executor.Polling.For))} {executor.FailOnDocumentError} {executor.Capacity} {executor.TimeoutExecutor}";

    private static IEnumerable<string> ObjectsOf(string text)
    {
        foreach (var document in text.Split("\n---\n"))
        {
            var head = KubernetesYaml.Deserialize<KubernetesObject>(document);
            var kind = $"{head.ApiVersion}/{head.Kind}";
            var read = typeof(KubernetesYaml).GetMethods().Single(method => method.Name == nameof(KubernetesYaml.Deserialize) && method.GetParameters()[0].ParameterType == typeof(string))
                .MakeGenericMethod(Kinds[kind]);
            Assert.NotNull(read.Invoke(null, [document, true]));
            yield return kind;
        }
    }

    /// <summary>The beginning of any object.</summary>
    private sealed class KubernetesHead : IKubernetesObject<V1ObjectMeta>
    {
        public string ApiVersion { get; set; } = "";

        public string Kind { get; set; } = "";

        public V1ObjectMeta Metadata { get; set; } = new();
    }
}
