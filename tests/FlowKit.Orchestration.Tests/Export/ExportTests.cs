using FlowKit.Configuration;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Flow;

namespace FlowKit.Orchestration.Export;

public sealed class ExportTests
{
    [Fact]
    public void A_secret_is_a_reference_in_every_file()
    {
        const string Flow = """
            jtype: Flow
            executors:
              - name: store
                uses: PgVectorIndexer
                uses_with:
                  connection_string: ${{ ENV.STORE_ADDRESS }}
                env: {API_TOKEN: written-in-the-flow, PLAIN: seen, OTHER: '${{ ENV.STORE_ADDRESS }}'}

            """;
        var read = new FlowReadOptions { Environment = name => name == "STORE_ADDRESS" ? "Host=db;Password=very-secret" : null };
        foreach (var target in Enum.GetValues<ExportTarget>())
        {
            using var exported = Exported.OfText(Flow, target, null, read);
            var all = string.Concat(exported.Result.Files.Select(file => exported[file]));

            Assert.DoesNotContain("very-secret", all, StringComparison.Ordinal);
            Assert.DoesNotContain("written-in-the-flow", all, StringComparison.Ordinal);
            Assert.Contains("{{ ENV.STORE_ADDRESS }}", all, StringComparison.Ordinal);
            Assert.Contains("seen", all, StringComparison.Ordinal);
            Assert.Equal(["API_TOKEN", "STORE_ADDRESS"], exported.Result.Secrets);
        }
    }

    /// <summary>Its documents lie in one database for all: any number may serve them, and none has a volume.</summary>
    [Fact]
    public void An_executor_with_shared_state_is_replicated_and_scales()
    {
        const string Flow = """
            jtype: Flow
            executors:
              - {name: store, uses: PgVectorIndexer, uses_with: {connection_string: Host=db}, autoscale: {min: 2, max: 5}}
              - {name: copies, uses: PgVectorIndexer, uses_with: {connection_string: Host=db}, replicas: 3}
              - {name: parts, uses: PgVectorIndexer, uses_with: {connection_string: Host=db}, shards: 2}
              - {name: own, uses: VectorIndexer}

            """;
        using var kubernetes = Exported.OfText(Flow, ExportTarget.Kubernetes);
        using var compose = Exported.OfText(Flow, ExportTarget.Compose);

        Assert.All((string[])["store", "copies"], name => Assert.Contains("kind: Deployment", kubernetes[$"{name}/{name}.yml"], StringComparison.Ordinal));
        Assert.All((string[])["parts", "own"], name => Assert.Contains("kind: StatefulSet", kubernetes[$"{name}/{name}.yml"], StringComparison.Ordinal));
        Assert.Contains("maxReplicas: 5", kubernetes["store/store.yml"], StringComparison.Ordinal);
        Assert.Contains("replicas: 3", kubernetes["copies/copies.yml"], StringComparison.Ordinal);
        Assert.DoesNotContain("volumeClaimTemplates", kubernetes["copies/copies.yml"], StringComparison.Ordinal);
        Assert.Contains("replicas: 3", compose["docker-compose.yml"], StringComparison.Ordinal);
        Assert.DoesNotContain("copies-workspace", compose["docker-compose.yml"], StringComparison.Ordinal);
        Assert.Contains("own-workspace", compose["docker-compose.yml"], StringComparison.Ordinal);
    }

    [Fact]
    public void The_queue_of_a_gateway_is_exported_with_its_address_as_a_secret()
    {
        const string Flow = """
            jtype: Flow
            gateway:
              queue: {uri: '${{ ENV.BROKER }}', name: photos, endpoints: [/index], prefetch: 4, attempts: 5, max_length: 100}
            executors:
              - {name: indexer, uses: VectorIndexer}

            """;
        var read = new FlowReadOptions { Environment = name => name == "BROKER" ? "amqp://user:very-secret@broker" : null };
        foreach (var target in Enum.GetValues<ExportTarget>())
        {
            using var exported = Exported.OfText(Flow, target, null, read);
            var all = string.Concat(exported.Result.Files.Select(file => exported[file]));

            Assert.DoesNotContain("very-secret", all, StringComparison.Ordinal);
            Assert.Contains("{{ ENV.BROKER }}", all, StringComparison.Ordinal);
            Assert.Contains("max_length: 100", all, StringComparison.Ordinal);
            Assert.Equal(["BROKER"], exported.Result.Secrets);
        }
    }

    [Fact]
    public void What_cannot_be_exported_is_told_with_its_place_all_at_once()
    {
        const string Flow = """
            jtype: Flow
            gateway:
              port: 8080
              ssl_certfile: cert.pem
              ssl_keyfile: key.pem
            executors:
              - name: far
                external: true
                host: localhost:51000
              - name: boxed
                uses: docker://boxed:1
                gpus: all
                entrypoint: ./run
                docker_kwargs: {shm_size: 1g}
              - name: ends
                uses: ClipTextEncoder
                exit_on_exceptions: [OutOfMemoryException]
              - name: gateway_
                uses: ClipTextEncoder
                shards: 2
                uses_before: ./Mine.cs

            """;

        var errors = Assert.Throws<FlowConfigException>(() => Exported.OfText(Flow, ExportTarget.Kubernetes)).Errors.Select(error => $"{error.Place.Line} {error.Key}");

        Assert.Equal(
            ["3 gateway.ssl_certfile", "7 executors.far.host", "10 executors.boxed.gpus", "10 executors.boxed.docker_kwargs", "10 executors.boxed.entrypoint", "15 executors.ends.exit_on_exceptions", "18 executors.gateway_.uses_before"],
            errors);
    }

    [Fact]
    public void Parts_that_are_to_come_as_they_came_and_packages_are_refused()
    {
        const string Flow = """
            jtype: Flow
            executors:
              - {name: a, needs: gateway}
              - {name: b, needs: gateway}
              - name: vote
                uses: ClipTextEncoder
                needs: [a, b]
                no_reduce: true
              - name: packed
                uses: nuget://Some.Package@1.0.0

            """;

        Assert.Equal(
            ["executors.vote.no_reduce", "executors.packed.uses"],
            Assert.Throws<FlowConfigException>(() => Exported.OfText(Flow, ExportTarget.Swarm)).Errors.Select(error => error.Key));
    }

    [Fact]
    public void Names_that_services_would_share_are_refused()
    {
        const string Flow = "jtype: Flow\nexecutors:\n  - {name: an_encoder, uses: ClipTextEncoder}\n  - {name: An_Encoder, uses: ClipTextEncoder}\n";

        Assert.Equal(
            ["executors.An_Encoder.name"],
            Assert.Throws<FlowConfigException>(() => Exported.OfText(Flow, ExportTarget.Compose)).Errors.Select(error => error.Key));
    }

    [Fact]
    public void Everything_that_an_executor_is_told_goes_along()
    {
        const string Flow = """
            jtype: Flow
            name: My Flow
            executors:
              - name: encoder
                uses: ClipTextEncoder
                uses_with: {model: tiny-clip}
                uses_requests: {/words: EncodeAsync}
                uses_dynamic_batching: {/words: {preferred_batch_size: 4, timeout: 5, max_batch_size: 8, use_custom_metric: false}, /all: {preferred_batch_size: 4, flush_all: true}}
                gpus: 2
                replicas: 3
                failure_threshold: 3
                tracing: true
                traces_exporter_host: otel.example.com
              - name: boxed
                uses: docker://team/boxed:1
                runtime: container
                memory: 1GiB
                cpus: 2
                volumes: '/tmp:/data:ro'
                env: {PRICE: '5$'}

            """;
        using var kubernetes = Exported.OfText(Flow, ExportTarget.Kubernetes, Exported.Options with { Keda = new Uri("http://prometheus:9090"), TargetInFlight = 5 });
        using var compose = Exported.OfText(Flow, ExportTarget.Compose);
        using var swarm = Exported.OfText(Flow, ExportTarget.Swarm, Exported.Options with { HostPorts = true });

        var encoder = kubernetes["encoder/encoder.yml"];
        Assert.Contains("- '{\"/words\":\"EncodeAsync\"}'", encoder, StringComparison.Ordinal);
        Assert.Contains("- '{\"/words\":{\"preferred_batch_size\":4,\"timeout\":5,\"max_batch_size\":8,\"use_custom_metric\":false},\"/all\":{\"preferred_batch_size\":4,\"timeout\":0,\"flush_all\":true}}'", encoder, StringComparison.Ordinal);
        Assert.Contains("- 'traces_exporter_host=http://otel.example.com'", encoder, StringComparison.Ordinal);
        Assert.Contains(kubernetes.Result.Notes, note => note.StartsWith("encoder.failure_threshold: ", StringComparison.Ordinal));
        Assert.Contains("nvidia.com/gpu: 2", encoder, StringComparison.Ordinal);
        Assert.Contains("kind: ScaledObject", encoder, StringComparison.Ordinal);
        Assert.Contains("threshold: '5'", encoder, StringComparison.Ordinal);
        Assert.Contains("minReplicaCount: 3", encoder, StringComparison.Ordinal);
        Assert.DoesNotContain("prometheus-adapter.yml", kubernetes.Result.Files);

        var boxed = kubernetes["boxed/boxed.yml"];
        Assert.Contains("kind: StatefulSet", boxed, StringComparison.Ordinal);
        Assert.Contains("memory: '1024Mi'", boxed, StringComparison.Ordinal);
        Assert.Contains("mountPath: /data", boxed, StringComparison.Ordinal);
        Assert.DoesNotContain("runAsUser", boxed, StringComparison.Ordinal);
        Assert.Contains("/tmp:/data:ro", compose["docker-compose.yml"], StringComparison.Ordinal);
        Assert.Contains("PRICE: '5$$'", compose["docker-compose.yml"], StringComparison.Ordinal);
        Assert.Contains("driver: nvidia", compose["docker-compose.yml"], StringComparison.Ordinal);
        Assert.Contains("kind: NVIDIA-GPU", swarm["stack.yml"], StringComparison.Ordinal);
        Assert.Contains("mode: host", swarm["stack.yml"], StringComparison.Ordinal);
        Assert.Contains("name: my-flow", compose["docker-compose.yml"], StringComparison.Ordinal);
    }

    [Fact]
    public void Replicas_follow_the_load_as_the_flow_says()
    {
        const string Flow = """
            jtype: Flow
            executors:
              - {name: encoder, uses: ClipTextEncoder, autoscale: {min: 2, max: 6, target: 1.5, stabilization_window: 45000}}
              - {name: other, uses: ClipTextEncoder, autoscale: {min: 0, max: 3}}

            """;
        using var kubernetes = Exported.OfText(Flow, ExportTarget.Kubernetes);
        using var keda = Exported.OfText(Flow, ExportTarget.Kubernetes, Exported.Options with { Keda = new Uri("http://prometheus:9090") });
        using var swarm = Exported.OfText(Flow, ExportTarget.Swarm);

        var objects = kubernetes["encoder/encoder.yml"].Split("\n---\n");
        var scaler = k8s.KubernetesYaml.Deserialize<k8s.Models.V2HorizontalPodAutoscaler>(objects.Single(text => text.Contains("kind: HorizontalPodAutoscaler", StringComparison.Ordinal)), true).Spec;
        Assert.Equal((2, 6, "1500m", 45), (scaler.MinReplicas, scaler.MaxReplicas, scaler.Metrics[0].Pods.Target.AverageValue.ToString(), scaler.Behavior.ScaleDown.StabilizationWindowSeconds));
        var deployment = k8s.KubernetesYaml.Deserialize<k8s.Models.V1Deployment>(objects.Single(text => text.Contains("kind: Deployment\nmetadata", StringComparison.Ordinal)), true);
        Assert.Null(deployment.Spec.Replicas);
        Assert.Contains("minReplicas: 1\n", kubernetes["other/other.yml"], StringComparison.Ordinal);
        Assert.Contains(kubernetes.Result.Notes, note => note.StartsWith("other.autoscale.min: one is kept", StringComparison.Ordinal));
        Assert.Contains("minReplicaCount: 2\n  maxReplicaCount: 6\n", keda["encoder/encoder.yml"], StringComparison.Ordinal);
        Assert.Contains("threshold: '1.5'", keda["encoder/encoder.yml"], StringComparison.Ordinal);
        Assert.Contains("flowkit.autoscale: '{\"min\":2,\"max\":6,\"target\":1.5,\"stabilization_window\":45000}'", swarm["stack.yml"], StringComparison.Ordinal);
        Assert.Contains("flowkit.executor: encoder", swarm["stack.yml"], StringComparison.Ordinal);
        Assert.Contains("replicas: 2", swarm["stack.yml"], StringComparison.Ordinal);
    }

    [Fact]
    public void What_keeps_state_does_not_follow_the_load_elsewhere()
    {
        const string Flow = "jtype: Flow\nexecutors:\n  - {name: index, uses: VectorIndexer, autoscale: {max: 4}}\n";

        Assert.Equal(["executors.index.autoscale"], Assert.Throws<FlowConfigException>(() => Exported.OfText(Flow, ExportTarget.Swarm)).Errors.Select(error => error.Key));
    }

    [Fact]
    public void A_gateway_of_grpc_alone_and_its_keys_are_kept()
    {
        const string Flow = """
            jtype: Flow
            inspect: hang
            gateway:
              protocol: [grpc, http]
              port: [51000, 8081]
              title: A
              description: B
              cors: true
              no_debug_endpoints: true
              no_crud_endpoints: true
              show_stacks: true
              strict: true
              compression: gzip
              docarray_version: v2
              capacity: 7
              prefetch: 8
              max_connections: 9
              timeout_send: 1000
              timeout_stop: 2000
              max_request_size: 1MiB
              memory: 1GiB
              monitoring: true
              port_monitoring: 9091
              tracing: true
              traces_exporter_host: https://otel.example.com
              traces_exporter_port: 4318
              compat: [openai]
              compat_model: any
              hosts: [flow.example.com]
              api_keys: ['0123456789012345678901234567 name=ops scopes=read,admin expires=2099-01-31']
              expose_endpoints: {/words: {http_path: /w, methods: [POST, PUT], summary: C, description: D, tags: [E]}}
            executors:
              - {name: a, external: true, host: a.example:1, grpc_metadata: {k: v}, reads: [/look], keepalive: 5000, hedge: 100, concurrency: 3, timeout_executor: 4000, retries: 2}
              - {name: b, external: true, host: 'b-{shard}.example:1', shards: 2, polling: hash, uses_after: BaseExecutor, fail_on_shard_error: true}
              - {name: c, uses: ClipTextEncoder, floating: true, capacity: 3, capacity_bytes: 1MiB, fail_on_document_error: true}
              - {name: look, method: inspect, needs: b}

            """;
        using var exported = Exported.OfText(Flow, ExportTarget.Kubernetes, Exported.Options with { IngressHost = "other.example.com" });
        var before = FlowConfigReader.ReadText(Flow, "flow.yml");
        var yaml = k8s.KubernetesYaml.Deserialize<k8s.Models.V1ConfigMap>(exported["gateway/gateway.yml"].Split("\n---\n")[0], true).Data["flow.yml"];
        var after = FlowConfigReader.ReadText(yaml, "flow.yml");

        Assert.Equivalent(before.Gateway with { Host = "0.0.0.0", Place = default, Security = Bare(before), ExposedEndpoints = [] }, after.Gateway with { Place = default, Security = Bare(after), ExposedEndpoints = [] });
        Assert.Equivalent(before.Gateway.ExposedEndpoints, after.Gateway.ExposedEndpoints);
        Assert.Equal(before.Gateway.Security.ApiKeys, after.Gateway.Security.ApiKeys);
        Assert.Equal(["flow.example.com", "other.example.com"], after.Gateway.Security.Hosts);
        Assert.Equal(before.Inspect, after.Inspect);
        foreach (var index in new[] { 0, 1 })
        {
            Assert.Equal(before.Executors[index].UsesWith.ToJsonString(), after.Executors[index].UsesWith.ToJsonString());
            Assert.Equal(
                before.Executors[index] with { UsesWith = [], Place = default, UsesPlace = default, Polling = PollingConfig.Default },
                after.Executors[index] with { UsesWith = [], Place = default, UsesPlace = default, Polling = PollingConfig.Default });
            Assert.Equal(before.Executors[index].Polling.For("/index"), after.Executors[index].Polling.For("/index"));
        }

        Assert.Equal((true, 3, (long?)1 << 20, true), (after.Executors[2].Floating, after.Executors[2].Capacity, after.Executors[2].CapacityBytes, after.Executors[2].FailOnDocumentError));
        Assert.True(after.Executors[3].Inspects);
    }

    private static Configuration.Gateway.GatewaySecurityConfig Bare(FlowConfig flow) => flow.Gateway.Security with { Hosts = [], ApiKeys = [] };

    [Theory]
    [InlineData("a text", "'a text'")]
    [InlineData("--host", "--host")]
    [InlineData("yes", "'yes'")]
    [InlineData("8080", "'8080'")]
    [InlineData("a:b", "a:b")]
    [InlineData("a: b", "'a: b'")]
    [InlineData("", "''")]
    public void Texts_have_quotes_where_a_reader_would_err(string text, string written) =>
        Assert.Equal($"key: {written}\n", YamlText.Of(new System.Text.Json.Nodes.JsonObject { ["key"] = text }));

    [Fact]
    public void What_is_empty_nothing_or_a_number_is_written_as_such() =>
        Assert.Equal(
            "a: {}\nb: []\nc: null\nd: 1.5\ne: true\n",
            YamlText.Of(new System.Text.Json.Nodes.JsonObject { ["a"] = new System.Text.Json.Nodes.JsonObject(), ["b"] = new System.Text.Json.Nodes.JsonArray(), ["c"] = null, ["d"] = 1.5, ["e"] = true }));
}
