@echo off
rem Runs FlowKit's command line: builds once, and again only when sources are newer or FLOWKIT_DEVICE (cpu, cuda) has changed.
rem FLOWKIT_NO_BUILD=1 takes what is built; so does a copy without sources.
setlocal
set "program=%~dp0artifacts\bin\FlowKit.Cli\release\flowkit.dll"
where /q dotnet
if errorlevel 1 goto nodotnet
if "%FLOWKIT_NO_BUILD%"=="1" goto start
if not exist "%~dp0src\" goto start
powershell -NoProfile -ExecutionPolicy Bypass -File "%~dp0eng\setup.ps1"
if errorlevel 1 exit /b 1
:start
if not exist "%program%" goto notbuilt
dotnet "%program%" %*
exit /b %ERRORLEVEL%

:nodotnet
>&2 echo error: 'dotnet' is missing: install the .NET 10 SDK and put it on the PATH.
exit /b 1

:notbuilt
>&2 echo error: "%program%" is not built: unset FLOWKIT_NO_BUILD, or take a copy with its sources.
exit /b 1
