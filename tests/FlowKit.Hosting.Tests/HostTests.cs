using FlowKit.Configuration.Diagnostics;
using FlowKit.TestKit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FlowKit.Hosting;

public sealed class HostTests
{
    private const string UpperFlow = "jtype: Flow\nexecutors:\n  - name: upper\n    uses: Upper\n    uses_with: {suffix: '${{ CONTEXT.end }}'}\n";

    [Fact]
    public async Task A_host_starts_a_flow_from_its_file_and_injects_it()
    {
        using var folder = new TempFolder();
        using var host = Build(builder => builder.Services.AddFlow(folder.Write("flow.yml", UpperFlow), options => options.Context["end"] = "?"));
        await host.StartAsync();

        var flow = host.Services.GetRequiredService<Flow>();
        Assert.Equal("A?", Assert.Single(await flow.PostAsync("/upper", new Document { Text = "a" })).Text);

        await host.StopAsync();
        var error = await Assert.ThrowsAsync<FlowKitException>(() => flow.PostAsync("/upper", new Document { Text = "a" }));
        Assert.Equal(FlowErrorCode.Unavailable, error.Error.Code);
    }

    [Fact]
    public async Task Before_the_host_has_started_a_flow_says_so()
    {
        using var folder = new TempFolder();
        using var host = Build(builder => builder.Services.AddFlow(folder.Write("flow.yml", UpperFlow), options => options.Context["end"] = ""));
        var error = await Assert.ThrowsAsync<FlowKitException>(() => host.Services.GetRequiredService<Flow>().PostAsync("/upper", new Document()));
        Assert.Equal("The flow has not started yet.", error.Message);
    }

    [Fact]
    public async Task Several_flows_have_names_and_their_own_options()
    {
        using var folder = new TempFolder();
        var path = folder.Write("flow.yml", UpperFlow);
        using var host = Build(builder => builder.Services
            .AddFlow("one", path, options => (options.Workspace, options.Context["end"]) = (folder.Path, "x"))
            .AddFlow("two", path, options => (options.Workspace, options.Context["end"]) = (folder.Path, "y")));
        await host.StartAsync();

        Assert.Equal("Ax", Assert.Single(await host.Services.GetRequiredKeyedService<Flow>("one").PostAsync("/upper", new Document { Text = "a" })).Text);
        Assert.Equal("Ay", Assert.Single(await host.Services.GetRequiredKeyedService<Flow>("two").PostAsync("/upper", new Document { Text = "a" })).Text);
        var error = Assert.Throws<InvalidOperationException>(host.Services.GetRequiredService<Flow>);
        Assert.Equal("There are several flows; say which: one, two.", error.Message);
        await host.StopAsync();
    }

    [Fact]
    public async Task Executors_are_given_the_hosts_services_and_log_where_it_logs()
    {
        using var folder = new TempFolder();
        using var logs = new CollectedLogs();
        using var host = Build(builder =>
        {
            builder.Services.AddSingleton<ILoggerFactory>(logs);
            builder.Services.AddSingleton(new Greeting("Good day")).AddFlow(flow => flow.Add<Greeter>().Configure(options => options.Workspace = folder.Path));
        });
        await host.StartAsync();

        Assert.Equal("Good day you", Assert.Single(await host.Services.GetRequiredService<Flow>().PostAsync("/greet", new Document { Text = "you" })).Text);
        Assert.Contains("Information Greeted with Good day you", logs.Lines);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_missing_service_is_told_at_start_with_what_to_write()
    {
        using var folder = new TempFolder();
        using var host = Build(builder => builder.Services.AddFlow(flow => flow.Add<NeedsService>("a").Configure(options => options.Workspace = folder.Path)));
        var error = await Assert.ThrowsAsync<FlowConfigException>(() => host.StartAsync());
        Assert.Matches(@"^HostTests\.cs:\d+:1: uses: NeedsService needs the service IFormatProvider .* register it with services\.AddSingleton<IFormatProvider>\(…\)$", error.Message);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_told_at_start()
    {
        using var host = Build(builder => builder.Services.AddFlow("nowhere/flow.yml"));
        var error = await Assert.ThrowsAsync<FlowConfigException>(() => host.StartAsync());
        Assert.StartsWith("nowhere/flow.yml: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_flows_of_one_name_are_refused_where_they_are_added()
    {
        var services = new ServiceCollection().AddFlow("a.yml").AddFlow("images", "b.yml");
        Assert.Equal("Two flows are added without a name; give each a name: services.AddFlow(\"images\", \"images.yml\").", Assert.Throws<InvalidOperationException>(() => services.AddFlow("c.yml")).Message);
        Assert.Equal("Two flows are named 'images'; give each a name of its own in services.AddFlow.", Assert.Throws<InvalidOperationException>(() => services.AddFlow("images", "d.yml")).Message);
    }

    [Fact]
    public async Task A_host_that_stops_answers_what_was_accepted()
    {
        using var folder = new TempFolder();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var host = Build(builder => builder.Services.AddSingleton(new Greeting { Gate = () => gate.Task })
            .AddFlow(flow => flow.Add<Greeter>("greeter", executor => executor.Replicas = 2).Configure(options => options.Workspace = folder.Path)));
        await host.StartAsync();
        var flow = host.Services.GetRequiredService<Flow>();

        var asked = Enumerable.Range(0, 100).Select(number => flow.PostAsync("/greet", new Document { Text = $"{number}" })).ToList();
        await TestTimeout.UntilAsync(() => flow.Runtime.InFlight == 100, "the requests to be accepted");
        var stopping = host.StopAsync();
        gate.SetResult();

        Assert.Equal(Enumerable.Range(0, 100).Select(number => $"Hello {number}"), (await Task.WhenAll(asked).WithTimeout()).Select(documents => documents[0].Text!));
        await stopping.WithTimeout();
    }

    [Fact]
    public async Task An_executor_that_ends_its_flow_ends_the_host()
    {
        using var folder = new TempFolder();
        using var host = Build(builder => builder.Services.AddFlow(flow => flow
            .Add<Fatal>("fatal", executor => executor.Set("exit_on_exceptions", new[] { "InsufficientMemoryException" }))
            .Configure(options => options.Workspace = folder.Path)));
        await host.StartAsync();
        var code = Environment.ExitCode;
        try
        {
            await Assert.ThrowsAsync<FlowKitException>(() => host.Services.GetRequiredService<Flow>().PostAsync("/end", new Document()));
            await host.WaitForShutdownAsync().WithTimeout();
            Assert.Equal(1, Environment.ExitCode);
        }
        finally
        {
            Environment.ExitCode = code;
        }
    }

    [Fact]
    public async Task What_changes_in_the_configuration_is_applied_while_the_flow_serves()
    {
        using var folder = new TempFolder();
        var path = folder.Write("flow.yml", UpperFlow);
        var source = new MemoryConfiguration { ["Flows:Default:Context:end"] = "x", ["Flows:Default:Workspace"] = folder.Path };
        using var host = Build(builder =>
        {
            ((IConfigurationBuilder)builder.Configuration).Add(source);
            builder.Services.AddFlow(path);
        });
        await host.StartAsync();
        var flow = host.Services.GetRequiredService<Flow>();
        Assert.Equal("Ax", await AskAsync());

        source.Change("Flows:Default:Context:end", "y");

        await TestTimeout.UntilAsync(() => AskAsync().GetAwaiter().GetResult() == "Ay", "the change to be applied");
        source.Change("Flows:Default:Set:executors.upper.replicas", "none");
        await Task.Delay(100);
        Assert.Equal("Ay", await AskAsync());
        await host.StopAsync();

        async Task<string?> AskAsync() => (await flow.PostAsync("/upper", new Document { Text = "a" }))[0].Text;
    }

    private static IHost Build(Action<HostApplicationBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        configure(builder);
        return builder.Build();
    }

    public sealed class NeedsService(IFormatProvider format) : Executor
    {
        [Requests("/show")]
        public string Show() => format.ToString()!;
    }

    /// <summary>A source whose values a test changes.</summary>
    private sealed class MemoryConfiguration : ConfigurationProvider, IConfigurationSource
    {
        public string this[string key]
        {
            set => Data[key] = value;
        }

        public void Change(string key, string value)
        {
            Data[key] = value;
            OnReload();
        }

        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;
    }
}
