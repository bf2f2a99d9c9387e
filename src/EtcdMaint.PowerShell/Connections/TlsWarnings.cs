namespace EtcdMaint.Cmdlets;

internal static class TlsWarnings
{
    public static string SkippedWarning(string why) =>
        $"{why}: the certificates of the servers are not verified, so an attacker on the network can read "
        + "and change all data.";
}
