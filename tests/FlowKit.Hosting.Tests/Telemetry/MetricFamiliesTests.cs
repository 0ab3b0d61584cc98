namespace FlowKit.Hosting.Telemetry;

/// <summary>The metrics of several processes as one text.</summary>
public sealed class MetricFamiliesTests
{
    private const string Own = """
        # TYPE target info
        # HELP target Target metadata
        target_info{service_name="flowkit"} 1
        # TYPE flowkit_clip_tokens_total counter
        # HELP flowkit_clip_tokens_total Tokens.
        flowkit_clip_tokens_total{otel_scope_name="FlowKit",model="tiny"} 3 1700000000000
        # TYPE up gauge
        up 1

        """;

    [Fact]
    public void A_metric_stands_once_with_the_samples_of_every_process()
    {
        var families = new MetricFamilies(Own);

        families.Add(Own.Replace(" 3 ", " 7 ", StringComparison.Ordinal), "encoder", 1, 2);

        Assert.Equal(
            """
            # TYPE target info
            # HELP target Target metadata
            target_info{service_name="flowkit"} 1
            # TYPE flowkit_clip_tokens_total counter
            # HELP flowkit_clip_tokens_total Tokens.
            flowkit_clip_tokens_total{otel_scope_name="FlowKit",model="tiny"} 3 1700000000000
            flowkit_clip_tokens_total{executor="encoder",shard="1",replica="2",otel_scope_name="FlowKit",model="tiny"} 7 1700000000000
            # TYPE up gauge
            up 1
            up{executor="encoder",shard="1",replica="2"} 1

            """,
            families.ToString());
    }

    [Fact]
    public void What_only_a_worker_measures_comes_behind_and_OpenMetrics_ends_once()
    {
        var families = new MetricFamilies("# TYPE a gauge\na 1\n# EOF\n");

        families.Add("# TYPE b counter\n# UNIT b seconds\nb_total{x=\"{,}\\\"\"} 1 # {trace_id=\"4bf9\"} 1 1.5\n# EOF\n", "e", 0, 0);
        families.Add("", "f", 0, 0);

        Assert.Equal(
            """
            # TYPE a gauge
            a 1
            # TYPE b counter
            # UNIT b seconds
            b_total{executor="e",shard="0",replica="0",x="{,}\""} 1 # {trace_id="4bf9"} 1 1.5
            # EOF

            """,
            families.ToString());
    }

    [Theory]
    [InlineData("""i{executor="near",shard="3"} 5""", """i{replica="2",executor="near",shard="3"} 5""")]
    [InlineData("""i{a="executor=\"no\","} 5""", """i{executor="say \"e\"",shard="1",replica="2",a="executor=\"no\","} 5""")]
    [InlineData("i{} 5", """i{executor="say \"e\"",shard="1",replica="2"} 5""")]
    public void A_label_that_a_sample_has_stays_as_it_is(string sample, string labelled)
    {
        var families = new MetricFamilies("");

        families.Add($"# TYPE i gauge\n{sample}", "say \"e\"", 1, 2);

        Assert.Equal($"# TYPE i gauge\n{labelled}\n", families.ToString());
    }
}
