using FlowKit.Configuration;
using FlowKit.Hosting;
using FlowKit.Hosting.Services;
using FlowKit.Serving.Gateway;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Adds flows to a host. Each is a <see cref="Flow"/> service, started before the host's servers listen and drained when it stops.
/// </summary>
public static class FlowServiceCollectionExtensions
{
    /// <summary>Adds a flow from its file.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="path">The flow's file, from the program's working directory.</param>
    /// <param name="configure">Sets how it is hosted.</param>
    public static IServiceCollection AddFlow(this IServiceCollection services, string path, Action<FlowHostOptions>? configure = null) =>
        services.AddFlow("", path, configure);

    /// <summary>Adds one of several flows from its file; it is the keyed service of its name.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">Its name.</param>
    /// <param name="path">The flow's file, from the program's working directory.</param>
    /// <param name="configure">Sets how it is hosted.</param>
    /// <exception cref="InvalidOperationException">Another flow has the name.</exception>
    public static IServiceCollection AddFlow(
        this IServiceCollection services, string name, string path, Action<FlowHostOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return services.AddFlow(
            new FlowRegistration(name, options => FlowConfigReader.Read(path, ReadOptions(options)), () => []), configure);
    }

    /// <summary>Adds a flow that is built in C#.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="build">Adds its executors.</param>
    public static IServiceCollection AddFlow(this IServiceCollection services, Action<FlowBuilder> build) => services.AddFlow("", build);

    /// <summary>Adds one of several flows that is built in C#; it is the keyed service of its name.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">Its name.</param>
    /// <param name="build">Adds its executors.</param>
    /// <exception cref="InvalidOperationException">Another flow has the name.</exception>
    public static IServiceCollection AddFlow(this IServiceCollection services, string name, Action<FlowBuilder> build)
    {
        ArgumentNullException.ThrowIfNull(build);
        var builder = Flow.CreateBuilder();
        build(builder);
        return services.AddFlow(name, builder);
    }

    internal static IServiceCollection AddFlow(this IServiceCollection services, FlowBuilder builder) => services.AddFlow("", builder);

    internal static IServiceCollection AddFlow(
        this IServiceCollection services, FlowRegistration registration, Action<FlowHostOptions>? configure)
    {
        var registry = RegistryOf(services);
        registry.Add(registration);
        services.AddOptions<FlowHostOptions>(registration.Name)
            .Configure<IServiceProvider>((options, provider) => Bind(options, registration.Name, provider));
        services.AddSingleton<IOptionsChangeTokenSource<FlowHostOptions>>(
            provider => new FlowOptionsChanges(registration.Name, provider.GetService<IConfiguration>()));
        if (configure is not null)
        {
            services.Configure(registration.Name, configure);
        }

        services.AddKeyedSingleton(registration.Name, (provider, _) => registration.Create(provider));
        GatewayEndpoints.AddServices(services, registration.DocumentName, registration.Config);
        return services;
    }

    private static IServiceCollection AddFlow(this IServiceCollection services, string name, FlowBuilder builder) =>
        services.AddFlow(
            new FlowRegistration(name, options => builder.Read(ReadOptions(options)), () => builder.ExecutorTypes), builder.Apply);

    /// <summary>The services that all flows of a host share.</summary>
    private static FlowRegistry RegistryOf(IServiceCollection services)
    {
        if (services.FirstOrDefault(service => service.ServiceType == typeof(FlowRegistry))?.ImplementationInstance is FlowRegistry known)
        {
            return known;
        }

        var registry = new FlowRegistry();
        services.AddSingleton(registry);
        services.AddLogging();
        services.AddHttpClient();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => provider.GetRequiredKeyedService<Flow>(registry.Find(null).Name));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, FlowHostedService>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ListenerHostedService>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, MonitoringHostedService>());
        return registry;
    }

    private static FlowReadOptions ReadOptions(FlowHostOptions options) => new()
    {
        Context = options.Context.AsReadOnly(),
        Overrides = options.Set.AsReadOnly(),
        BaseDirectory = options.BaseDirectory,
    };

    private static void Bind(FlowHostOptions options, string name, IServiceProvider services)
    {
        if (services.GetService<IConfiguration>() is { } configuration)
        {
            FlowOptionsChanges.SectionOf(configuration, name).Bind(options);
        }
    }
}
