using FlowKit.Configuration.Gateway;

namespace FlowKit.Configuration.Diagnostics;

/// <summary>The values that are shown to nobody. What one test adds, the others of this process have too.</summary>
public sealed class SecretValuesTests
{
    [Fact]
    public void What_the_gateway_and_env_take_as_secrets_is_scrubbed_and_nothing_else()
    {
        Read("""
            gateway: {api_keys_env: GATE}
            env: {PLAIN: of-the-flow-itself, MY_TOKEN: written-in-the-flow, HOME_OF: '${{ ENV.FOLDER }}'}
            executors:
              - uses: BaseExecutor
                env: {DSN: 'host=db;${{ ENV.DSN_REST }}'}
                uses_with: {a: '${{ ENV.STORE_PASSWORD }}', b: '${{ ENV.MODEL_NAME }}'}
            """);

        var scrubbed = SecretValues.Scrub(
            "gate-key-0123456789|gate-key-abcdefghij|of-the-flow-itself|written-in-the-flow|user=quince-db|pear-tree-7|a-model-of-mine|"
                + Path.GetTempPath());

        Assert.Equal($"***|***|of-the-flow-itself|***|***|***|a-model-of-mine|{Path.GetTempPath()}", scrubbed);
    }

    [Fact]
    public void Keys_that_the_flow_itself_or_a_file_of_keys_writes_are_scrubbed_too()
    {
        Read("gateway: {api_keys: ['medlar-0123456789abc scopes=read']}");
        Assert.NotNull(ApiKeyConfig.Read("sorb-0123456789abcdef name=ops", out _));

        Assert.Equal("*** *** scopes", SecretValues.Scrub("medlar-0123456789abc sorb-0123456789abcdef scopes"));
    }

    [Fact]
    public void A_short_value_is_left_and_one_inside_another_does_not_show_the_rest()
    {
        SecretValues.Add("pass");
        SecretValues.Add("quite-secret");
        SecretValues.Add("not-quite-secret-at-all");

        Assert.Equal("pass *** ***", SecretValues.Scrub("pass not-quite-secret-at-all quite-secret"));
    }

    [Fact]
    public void An_error_keeps_all_but_the_value()
    {
        SecretValues.Add("plum-and-cherry");
        var error = new FlowError(FlowErrorCode.Internal, "no plum-and-cherry here") { Executor = "e", DocumentId = "d" };

        Assert.Equal(error with { Message = "no *** here" }, SecretValues.Scrub(error));
    }

    private static void Read(string text) => FlowConfigReader.ReadText(text, "flow.yml", new FlowReadOptions
    {
        Environment = name => name switch
        {
            "GATE" => "gate-key-0123456789,gate-key-abcdefghij",
            "FOLDER" => Path.GetTempPath(),
            "DSN_REST" => "user=quince-db",
            "STORE_PASSWORD" => "pear-tree-7",
            "MODEL_NAME" => "a-model-of-mine",
            _ => null,
        },
    });
}
