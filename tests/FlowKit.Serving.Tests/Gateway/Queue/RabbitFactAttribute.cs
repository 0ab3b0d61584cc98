namespace FlowKit.Serving.Gateway.Queue;

/// <summary>A fact that needs a RabbitMQ.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RabbitFactAttribute : FactAttribute
{
    public RabbitFactAttribute() => Skip = RabbitServer.WhyMissing;
}
