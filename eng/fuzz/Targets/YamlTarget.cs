using System.Text;
using FlowKit.Configuration;
using FlowKit.Configuration.Diagnostics;
using FlowKit.TestKit;

namespace FlowKit.Fuzz.Targets;

/// <summary>Flow files: a flow comes out, or the list of its mistakes.</summary>
internal sealed class YamlTarget : FuzzTarget
{
    private readonly TempFolder _folder = new();

    public override string Name => "yaml";

    /// <summary>A mistake is told with its line, and a file of 64 KiB may have thousands of them.</summary>
    public override long AllocationPerByte => 20_000;

    public override IReadOnlyList<byte[]> Tokens { get; } =
    [
        .. Split("jtype: Flow executors: gateway: name: uses: uses_with: needs: when: replicas: shards: polling: floating: method: port: [ ] { } : - & * << !! | > \" ' # ~ null"),
        .. Split("${{ENV.X}} ${{CONTEXT.Y}} api_keys: max_request_size: 256MiB timeout_ready: retries: uses_dynamic_batching: runtime: process docker:// gpus: external: on_start:"),
        "\n  - "u8.ToArray(), "\n    "u8.ToArray(), "\n---\n"u8.ToArray(), "{$and: ["u8.ToArray(), "&a [*a, *a]"u8.ToArray(),
    ];

    public override IEnumerable<Seed> Seeds() =>
    [
        new("chain", "jtype: Flow\nexecutors:\n  - {name: a, uses: Scripted}\n  - {name: b, uses: Scripted, needs: [a]}\n"),
        new("gateway", "jtype: Flow\ngateway: {port: [1234, 1235], protocol: [http, grpc], capacity: 5, max_request_size: 1MiB, api_keys: [abc, {key: def, name: me}], timeout_send: 5000, cors: true}\nexecutors:\n  - uses: Scripted\n"),
        new("scale", "jtype: Flow\nexecutors:\n  - name: a\n    uses: Scripted\n    replicas: 3\n    shards: 2\n    polling: {/index: ANY, /search: ALL}\n    capacity: 100\n    uses_dynamic_batching: {/run: {preferred_batch_size: 4, timeout: 50}}\n"),
        new("conditions", "jtype: Flow\nexecutors:\n  - {name: a, uses: Scripted}\n  - name: b\n    uses: Scripted\n    needs: a\n    when: {tags__price: {$gt: 3}}\n  - {name: c, uses: Scripted, needs: [a], when: {$or: [{text__icontains: x}, {modality: {$in: [image, text]}}]}}\n  - {name: d, needs: [b, c]}\n"),
        new("anchors", "jtype: Flow\nx-common: &common\n  uses: Scripted\n  replicas: 2\nexecutors:\n  - <<: *common\n    name: a\n  - <<: [*common]\n    name: b\n"),
        new("variables", "jtype: Flow\nwith: {port: '${{ ENV.PORT }}'}\nexecutors:\n  - name: a\n    uses: Scripted\n    uses_with: {suffix: \"${{ ENV.X }}\", other: 'id-${{CONTEXT.Y}}'}\n    env: {A: b}\n"),
        new("launch", "jtype: Flow\nexecutors:\n  - {name: p, uses: Scripted, runtime: process, memory: 512MiB, timeout_ready: 60000}\n  - {name: d, uses: docker://image:tag, volumes: ['./a:/b'], docker_kwargs: {network: none}}\n  - {name: e, uses: Scripted, external: true, host: example.com, port: 5}\n"),
        new("old", "jtype: Flow\nversion: '1'\npods:\n  - name: a\n    uses: Scripted\n    read_only: true\n"),
        new("deep", "jtype: Flow\nexecutors: [{name: a, uses: Scripted, uses_with: {a: [[[[{b: [1, 2.5, true, ~, .nan, 0x10, 1e3]}]]]]}}]\n"),
        new("onstart", "jtype: Flow\nexecutors:\n  - {name: a, uses: Scripted, floating: true, method: inspect}\non_start:\n  - {endpoint: /index, inputs: 'pics/*.png', batch: 4}\n"),
        new("block", "jtype: Flow\nexecutors:\n  - name: a\n    uses: Scripted\n    uses_with:\n      text: |\n        one\n        two\n      folded: >-\n        three\n        four\n      quoted: \"\\u00e9\\n\"\n"),
    ];

    public override void Run(byte[] input)
    {
        try
        {
            var options = new FlowReadOptions { Environment = static _ => "1", BaseDirectory = _folder.Path };
            FlowConfigReader.ReadText(Encoding.UTF8.GetString(input), "flow.yml", options);
        }
        catch (FlowConfigException exception)
        {
            if (exception.Errors.Count == 0)
            {
                throw new FuzzFailure("A refused flow file has no mistakes.");
            }
        }
    }

    public override ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return base.DisposeAsync();
    }
}
