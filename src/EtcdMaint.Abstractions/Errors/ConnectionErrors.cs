namespace EtcdMaint;

/// <summary>Errors of a connection that both the cmdlets and the engine report.</summary>
internal static class ConnectionErrors
{
    public static EtcdException Closed(EtcdConnection connection) =>
        new(
            ErrorIds.ConnectionClosed,
            EtcdErrorCategory.ResourceUnavailable,
            $"The connection to '{connection}' has been closed.",
            "Connect again with Connect-EtcdCluster and read the members again.",
            connection
        );
}
